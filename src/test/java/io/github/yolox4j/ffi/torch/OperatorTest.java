package io.github.yolox4j.ffi.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every kind of value through an operator that takes it or returns it. */
class OperatorTest {

  private final Arena arena = Arena.ofConfined();
  private long live;

  @BeforeEach
  void count() {
    live = TensorHandle.live();
  }

  @AfterEach
  void nothingIsLeft() {
    arena.close();
    assertEquals(live, TensorHandle.live());
  }

  private TensorHandle tensor(float[] values, long... shape) {
    MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return TensorHandle.view(data, DType.FLOAT32, shape, strides);
  }

  private static float[] floats(TensorHandle tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void listOfTensorsAndWholeNumber() {
    Operator cat = Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
    try (TensorHandle a = tensor(new float[] {1, 2}, 1, 2);
        TensorHandle b = tensor(new float[] {3, 4}, 1, 2);
        TensorHandle both = cat.tensor(Value.list(List.of(a, b, a)), Value.of(1))) {
      assertArrayEquals(new long[] {1, 6}, both.shape());
      assertArrayEquals(new float[] {1, 2, 3, 4, 1, 2}, floats(both));
    }
  }

  @Test
  void elementTypeLayoutDeviceAndMemoryFormat() {
    Operator empty =
        Operator.of(
            "aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None,"
                + " Layout? layout=None, Device? device=None, bool? pin_memory=None,"
                + " MemoryFormat? memory_format=None) -> Tensor");
    try (TensorHandle made =
        empty.tensor(
            Value.ints(2, 3, 4, 5),
            Value.some(DType.BFLOAT16),
            Value.some(Layout.STRIDED),
            Value.some(Device.CPU),
            Value.some(Value.of(false)),
            Value.some(MemoryFormat.CHANNELS_LAST))) {
      assertEquals("bfloat16[2, 3, 4, 5]", made.toString());
      assertArrayEquals(new long[] {60, 1, 15, 3}, made.strides());
      assertEquals(Device.CPU, made.device());
    }
    try (TensorHandle made =
        empty.tensor(
            Value.ints(2),
            Value.none(),
            Value.none(),
            Value.some(new Device(Device.Type.META, -1)),
            Value.none(),
            Value.none())) {
      assertEquals("float32[2]", made.toString());
      assertEquals(Device.Type.META, made.device().type());
      assertTrue(
          assertThrows(YoloxException.class, made::data).getMessage().contains("float32[2]"));
    }
  }

  @Test
  void truthValueInATypeConversion() {
    Operator copy =
        Operator.of(
            "aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None,"
                + " Device? device=None, bool? pin_memory=None, bool non_blocking=False,"
                + " MemoryFormat? memory_format=None) -> Tensor");
    try (TensorHandle floats = tensor(new float[] {1.9f, -2}, 2);
        TensorHandle longs =
            copy.tensor(
                floats,
                Value.some(DType.INT64),
                Value.none(),
                Value.none(),
                Value.none(),
                Value.of(false),
                Value.none())) {
      assertArrayEquals(new long[] {1, -2}, longs.data().toArray(ValueLayout.JAVA_LONG));
    }
  }

  @Test
  void optionalListsOfEitherKindOfNumber() {
    Operator upsample =
        Operator.of(
            "aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size,"
                + " float[]? scale_factors) -> Tensor");
    try (TensorHandle input = tensor(new float[] {1, 2}, 1, 1, 1, 2);
        TensorHandle scaled = upsample.tensor(input, Value.none(), Value.some(Value.floats(2, 2)));
        TensorHandle sized = upsample.tensor(input, Value.some(Value.ints(1, 3)), Value.none())) {
      assertArrayEquals(new float[] {1, 1, 2, 2, 1, 1, 2, 2}, floats(scaled));
      assertArrayEquals(new float[] {1, 1, 2}, floats(sized));
    }
  }

  @Test
  void stringAndOptionalTensor() {
    Operator conv =
        Operator.of(
            "aten::conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None,"
                + " SymInt[2] stride=1, str padding=\"valid\", SymInt[2] dilation=1,"
                + " SymInt groups=1) -> Tensor");
    try (TensorHandle input = tensor(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
        TensorHandle weight = tensor(new float[] {0, 0, 0, 0, 1, 1, 0, 0, 0}, 1, 1, 3, 3);
        TensorHandle bias = tensor(new float[] {10}, 1);
        TensorHandle out =
            conv.tensor(
                input,
                weight,
                Value.some(bias),
                Value.ints(1, 1),
                Value.of("same"),
                Value.ints(1, 1),
                Value.of(1))) {
      assertArrayEquals(new float[] {13, 12, 17, 14}, floats(out));
    }
  }

  @Test
  void floatingNumberAndInPlaceResultIsTheSameTensor() {
    Operator dropout =
        Operator.of("aten::dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)");
    try (TensorHandle input = tensor(new float[] {1, 2}, 2);
        TensorHandle same = dropout.tensor(input, Value.of(1.0), Value.of(true))) {
      assertArrayEquals(new float[] {0, 0}, floats(input));
      assertEquals(input.data().address(), same.data().address());
    }
  }

  @Test
  void listAsResult() {
    Operator chunk =
        Operator.of("aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]");
    try (TensorHandle input = tensor(new float[] {1, 2, 3, 4, 5}, 5)) {
      List<Value> results = chunk.call(input, Value.of(3), Value.of(0));
      List<? extends Value> parts = ((Value.Items) results.getFirst()).values();
      assertEquals("[float32[2], float32[2], float32[1]]", parts.toString());
      assertArrayEquals(new float[] {3, 4}, floats((TensorHandle) parts.get(1)));
      assertThrows(
          IllegalArgumentException.class, () -> chunk.tensor(input, Value.of(3), Value.of(0)));
      parts.forEach(each -> ((TensorHandle) each).close());
    }
  }

  @Test
  void twoResults() {
    Operator pool =
        Operator.of(
            "aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[],"
                + " int[2] padding=0, int[2] dilation=1, bool ceil_mode=False)"
                + " -> (Tensor, Tensor)");
    try (TensorHandle input = tensor(new float[] {1, 4, 2, 3}, 1, 1, 2, 2)) {
      List<Value> results =
          pool.call(
              input,
              Value.ints(2, 2),
              Value.ints(),
              Value.ints(0, 0),
              Value.ints(1, 1),
              Value.of(false));
      try (TensorHandle values = (TensorHandle) results.get(0);
          TensorHandle indices = (TensorHandle) results.get(1)) {
        assertArrayEquals(new float[] {4}, floats(values));
        assertArrayEquals(new long[] {1}, indices.data().toArray(ValueLayout.JAVA_LONG));
      }
    }
  }

  @Test
  void noResult() {
    Operator multiply =
        Operator.of("aten::_foreach_mul_.Tensor(Tensor(a!)[] self, Tensor other) -> ()");
    try (TensorHandle a = tensor(new float[] {1, 2}, 2);
        TensorHandle b = tensor(new float[] {3}, 1);
        TensorHandle factor = tensor(new float[] {10})) {
      assertEquals(List.of(), multiply.call(Value.list(List.of(a, b)), factor));
      assertArrayEquals(new float[] {10, 20}, floats(a));
      assertArrayEquals(new float[] {30}, floats(b));
    }
  }

  @Test
  void numbersAndTypesAsResults() {
    Operator size = Operator.of("aten::size.int(Tensor self, int dim) -> int");
    Operator floating = Operator.of("aten::is_floating_point(Tensor self) -> bool");
    Operator promoted =
        Operator.of("aten::promote_types(ScalarType type1, ScalarType type2) -> ScalarType");
    try (TensorHandle input = tensor(new float[6], 2, 3)) {
      assertEquals(List.of(Value.of(3)), size.call(input, Value.of(1)));
      assertEquals(List.of(Value.of(true)), floating.call(input));
    }
    assertEquals(List.of(DType.FLOAT32), promoted.call(DType.FLOAT32, DType.INT64));
  }

  @Test
  void argumentsAreCheckedAgainstTheSchema() {
    Operator cat = Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
    assertEquals(
        "aten::cat takes 2 arguments, not 1",
        assertThrows(IllegalArgumentException.class, () -> cat.call(Value.of(1))).getMessage());
    try (TensorHandle a = tensor(new float[] {1}, 1)) {
      assertEquals(
          "argument 'tensors' of aten::cat is Tensor[], not float32[1]",
          assertThrows(IllegalArgumentException.class, () -> cat.call(a, Value.of(0)))
              .getMessage());
      assertThrows(
          IllegalArgumentException.class,
          () -> cat.call(Value.list(List.of(a, Value.of(1))), Value.of(0)));
      assertThrows(
          IllegalArgumentException.class,
          () -> cat.call(Value.list(List.of(a)), Value.some(Value.of(0))));
    }
  }

  @Test
  void unknownOperatorIsNamedAndLeavesItsArgumentsAlone() {
    Operator unknown = Operator.of("aten::cat.nonesuch(Tensor[] tensors) -> Tensor");
    try (TensorHandle a = tensor(new float[] {1}, 1)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(
            "libtorch 2.10.0 has no operator aten::cat.nonesuch",
            assertThrows(YoloxException.class, () -> unknown.call(Value.list(List.of(a, a))))
                .getMessage());
      }
      assertArrayEquals(new float[] {1}, floats(a));
    }
  }

  @Test
  void closedTensorIsRefusedAndWhatWasEncodedBeforeItIsFreed() {
    Operator cat = Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
    TensorHandle closed = tensor(new float[] {1}, 1);
    closed.close();
    try (TensorHandle a = tensor(new float[] {1}, 1)) {
      assertThrows(
          IllegalStateException.class, () -> cat.call(Value.list(List.of(a, closed)), Value.of(0)));
    }
  }

  /** 400 MB would be left behind by 100 failures, if each left one of its arguments. */
  @Test
  void failuresLeaveNoMemoryBehind() throws IOException {
    Operator relu = Operator.of("aten::relu(Tensor self) -> Tensor");
    Operator matmul = Operator.of("aten::matmul(Tensor self, Tensor other) -> Tensor");
    Operator cat = Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
    TensorHandle closed = tensor(new float[] {1}, 1);
    closed.close();
    long before = 0;
    try (TensorHandle small = tensor(new float[] {1, 2}, 2);
        TensorHandle source = tensor(new float[1 << 20], 1 << 20)) {
      for (int i = 0; i < 110; i++) {
        if (i == 10) {
          before = residentBytes();
        }
        try (TensorHandle large = relu.tensor(source)) {
          assertEquals(
              "libtorch's aten::matmul failed on (self float32[1048576], other float32[2])",
              assertThrows(YoloxException.class, () -> matmul.call(large, small)).getMessage());
          assertThrows(
              IllegalStateException.class,
              () -> cat.call(Value.list(List.of(large, closed)), Value.of(0)));
          assertEquals(live + 3, TensorHandle.live());
        }
      }
    }
    long grown = residentBytes() - before;
    assertTrue(grown < 100L * (1 << 20), "grown by " + grown);
  }

  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/statm");
    assumeTrue(Files.exists(status));
    return Long.parseLong(Files.readString(status).split(" ", -1)[1]) * 4096;
  }
}
