package io.github.yolox4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class SharedTensorsTest {

  private static final Operator RELU = Operator.of("aten::relu(Tensor self) -> Tensor");
  private static final Operator MATMUL =
      Operator.of("aten::matmul(Tensor self, Tensor other) -> Tensor");

  @Test
  void bothDirectionsShareMemoryAndLeaveNothing() {
    long natives = LiveNatives.count();
    long handles = TensorHandle.live();
    for (int i = 0; i < 3; i++) {
      try (Tensor tensor = Tensors.of(new float[] {-1, 2}, 2);
          TensorHandle borrowed = SharedTensors.borrow(tensor)) {
        assertEquals(DType.FLOAT32, borrowed.dtype());
        assertEquals(Tensors.bytes(tensor).address(), borrowed.data().address());
        borrowed.data().setAtIndex(ValueLayout.JAVA_FLOAT, 0, -5);
        assertArrayEquals(new float[] {-5, 2}, Tensors.toFloats(tensor));

        TensorHandle made = RELU.tensor(borrowed);
        long address = made.data().address();
        try (Tensor adopted = SharedTensors.adopt(made)) {
          assertThrows(IllegalStateException.class, made::shape);
          assertEquals(address, Tensors.bytes(adopted).address());
          assertArrayEquals(new float[] {0, 2}, Tensors.toFloats(adopted));
        }
      }
    }
    assertEquals(handles, TensorHandle.live());
    LiveNatives.assertNoneLeftSince(natives);
  }

  @Test
  void autogradRunsThroughOperators() {
    try (var _ = new Scope()) {
      float[] left = {1, 2, 3, 4, 5, 6};
      float[] right = {-1, 0.5f, 2, 3, -2, 1};
      Tensor a = Tensors.of(left, 2, 3).set_requires_grad(true);
      Tensor b = Tensors.of(right, 3, 2).set_requires_grad(true);
      try (TensorHandle first = SharedTensors.borrow(a);
          TensorHandle second = SharedTensors.borrow(b)) {
        Tensor product = SharedTensors.adopt(MATMUL.tensor(first, second));
        product.mul(product).sum().backward();
      }
      Tensor c = Tensors.of(left, 2, 3).set_requires_grad(true);
      Tensor d = Tensors.of(right, 3, 2).set_requires_grad(true);
      Tensor product = c.matmul(d);
      product.mul(product).sum().backward();
      assertArrayEquals(Tensors.toFloats(c.grad()), Tensors.toFloats(a.grad()));
      assertArrayEquals(Tensors.toFloats(d.grad()), Tensors.toFloats(b.grad()));
    }
  }
}
