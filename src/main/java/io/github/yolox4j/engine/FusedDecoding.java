package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.Network;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Predictions as one tensor over all anchor points, in pixels: what the reference's evaluation gets
 * from its network. Through libtorch's C functions alone.
 */
final class FusedDecoding {

  private static final Operator NARROW =
      Operator.of(
          "aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)");
  private static final Operator EXPONENTIAL = Operator.of("aten::exp(Tensor self) -> Tensor");
  private static final Operator SIGMOID = Operator.of("aten::sigmoid(Tensor self) -> Tensor");
  private static final Operator MULTIPLY =
      Operator.of("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor");
  private static final Operator CONCATENATE =
      Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
  private static final Operator FLATTEN =
      Operator.of(
          "aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1)"
              + " -> Tensor(a)");
  private static final Operator TRANSPOSE =
      Operator.of("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)");

  private FusedDecoding() {}

  /**
   * Decodes the network's maps.
   *
   * @param maps of each level the boxes, objectness and classes in floats, [B, channels, rows,
   *     columns]; stay the caller's
   * @return [B, anchor points, 5 + classes]: centre x and y, width and height in pixels,
   *     objectness, classes; owned by the caller
   */
  static TensorHandle decode(List<TensorHandle> maps) {
    List<TensorHandle> levels = new ArrayList<>();
    try {
      for (int i = 0; i < Network.STRIDES.size(); i++) {
        levels.add(level(Network.STRIDES.get(i), maps.subList(3 * i, 3 * i + 3)));
      }
      try (TensorHandle all = CONCATENATE.tensor(Value.list(levels), Value.of(2))) {
        // laid out anew, so that the anchor points' rows are dense
        try (TensorHandle rows = TRANSPOSE.tensor(all, Value.of(1), Value.of(2))) {
          return FusedTorchEngine.contiguous(rows);
        }
      }
    } finally {
      levels.forEach(TensorHandle::close);
    }
  }

  /** [B, 5 + classes, anchor points]. */
  private static TensorHandle level(int stride, List<TensorHandle> maps) {
    TensorHandle boxes = maps.getFirst();
    int rows = (int) boxes.shape()[2];
    int columns = (int) boxes.shape()[3];
    try (Arena arena = Arena.ofConfined();
        TensorHandle corners = corners(arena, rows, columns);
        TensorHandle scale = view(arena, new float[] {stride}, 1, 1, 1, 1);
        TensorHandle offset = NARROW.tensor(boxes, Value.of(1), Value.of(0), Value.of(2));
        TensorHandle logarithm = NARROW.tensor(boxes, Value.of(1), Value.of(2), Value.of(2));
        TensorHandle moved = offset.add(corners, 1);
        TensorHandle centre = MULTIPLY.tensor(moved, scale);
        TensorHandle relative = EXPONENTIAL.tensor(logarithm);
        TensorHandle size = MULTIPLY.tensor(relative, scale);
        TensorHandle objectness = SIGMOID.tensor(maps.get(1));
        TensorHandle classes = SIGMOID.tensor(maps.get(2));
        TensorHandle map =
            CONCATENATE.tensor(
                Value.list(List.of(centre, size, objectness, classes)), Value.of(1))) {
      return FLATTEN.tensor(map, Value.of(2), Value.of(3));
    }
  }

  /** [1, 2, rows, columns]: the column and the row of each anchor point. */
  private static TensorHandle corners(Arena arena, int rows, int columns) {
    int points = rows * columns;
    float[] values = new float[2 * points];
    for (int i = 0; i < points; i++) {
      int row = i / columns;
      values[i] = i % columns;
      values[points + i] = row;
    }
    return view(arena, values, 1, 2, rows, columns);
  }

  private static TensorHandle view(Arena arena, float[] values, long... shape) {
    MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return TensorHandle.view(memory, DType.FLOAT32, shape, strides);
  }
}
