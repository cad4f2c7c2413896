package io.github.yolox4j.ffi.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class TensorHandleTest {

  @Test
  void viewSharesTheMemoryAndTellsWhatItWasMadeOf() {
    long live = TensorHandle.live();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4, 5, 6);
      long[] strides = {1, 2};
      try (TensorHandle tensor =
          TensorHandle.view(data, DType.FLOAT32, new long[] {2, 3}, strides)) {
        assertEquals(live + 1, TensorHandle.live());
        assertEquals(DType.FLOAT32, tensor.dtype());
        assertEquals(Device.CPU, tensor.device());
        assertArrayEquals(new long[] {2, 3}, tensor.shape());
        assertArrayEquals(strides, tensor.strides());
        assertEquals("float32[2, 3]", tensor.toString());
        assertEquals(data.address(), tensor.data().address());
        assertEquals(data.byteSize(), tensor.data().byteSize());
        try (TensorHandle sum = tensor.add(tensor, -0.5)) {
          assertArrayEquals(
              new float[] {0.5f, 1, 1.5f, 2, 2.5f, 3}, sum.data().toArray(ValueLayout.JAVA_FLOAT));
        }
      }
    }
    assertEquals(live, TensorHandle.live());
  }

  @Test
  void emptyAndZeroDimensionalTensorsAreRead() {
    try (Arena arena = Arena.ofConfined();
        TensorHandle number =
            TensorHandle.view(
                arena.allocateFrom(ValueLayout.JAVA_LONG, 7),
                DType.INT64,
                new long[0],
                new long[0]);
        TensorHandle empty =
            TensorHandle.view(
                arena.allocate(8), DType.BFLOAT16, new long[] {0, 3}, new long[] {3, 1})) {
      assertArrayEquals(new long[] {7}, number.data().toArray(ValueLayout.JAVA_LONG));
      assertEquals(0, empty.data().byteSize());
      assertEquals("bfloat16[0, 3]", empty.toString());
    }
  }

  @Test
  void memoryThatDoesNotHoldTheTensorIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(24);
      assertEquals(
          "float32[2, 3] with strides [4, 1] needs 28 bytes, the memory has 24",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      TensorHandle.view(data, DType.FLOAT32, new long[] {2, 3}, new long[] {4, 1}))
              .getMessage());
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorHandle.view(data, DType.FLOAT32, new long[] {2, -3}, new long[] {3, 1}));
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorHandle.view(data, DType.FLOAT32, new long[] {2, 3}, new long[] {3}));
      MemorySegment array = MemorySegment.ofArray(new float[6]);
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorHandle.view(array, DType.FLOAT32, new long[] {6}, new long[] {1}));
    }
  }

  @Test
  void closingTwiceIsHarmlessAndUseAfterIsRefused() {
    long live = TensorHandle.live();
    try (Arena arena = Arena.ofConfined()) {
      TensorHandle tensor =
          TensorHandle.view(arena.allocate(4), DType.FLOAT32, new long[] {1}, new long[] {1});
      TensorHandle shared = tensor.share();
      tensor.close();
      tensor.close();
      assertEquals(live + 1, TensorHandle.live());
      assertEquals("closed tensor", tensor.toString());
      assertThrows(IllegalStateException.class, tensor::shape);
      assertThrows(IllegalStateException.class, tensor::data);
      assertThrows(IllegalStateException.class, tensor::share);
      assertThrows(IllegalStateException.class, () -> shared.add(tensor, 1));
      assertEquals("float32[1]", shared.toString());
      shared.close();
    }
    assertEquals(live, TensorHandle.live());
  }

  @Test
  void tensorsThatDoNotGoTogetherAreNamed() {
    try (Arena arena = Arena.ofConfined();
        TensorHandle two =
            TensorHandle.view(arena.allocate(8), DType.FLOAT32, new long[] {2}, new long[] {1});
        TensorHandle three =
            TensorHandle.view(arena.allocate(12), DType.FLOAT32, new long[] {3}, new long[] {1})) {
      assertEquals(
          "libtorch cannot add float32[2] and float32[3]",
          assertThrows(YoloxException.class, () -> two.add(three, 1)).getMessage());
    }
  }
}
