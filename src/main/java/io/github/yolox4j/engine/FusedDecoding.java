package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.BoxCoding;
import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.Prediction;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Predictions as one tensor over all cells, in pixels: what the reference's evaluation gets from
 * its network. Through libtorch's C functions alone.
 */
final class FusedDecoding {

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
   * Decodes a network's output.
   *
   * @param maps the layers' results, of which the outputs are floats, [B, channels, rows, columns];
   *     stay the caller's
   * @return [B, cells, 5 + classes]: centre x and y, width and height in pixels, objectness,
   *     classes; owned by the caller
   */
  static TensorHandle decode(Network network, TensorHandle[] maps) {
    List<TensorHandle> levels = new ArrayList<>();
    try {
      for (Prediction prediction : network.predictions()) {
        levels.add(level(prediction, maps));
      }
      try (TensorHandle all = CONCATENATE.tensor(Value.list(levels), Value.of(2));
          TensorHandle rows = TRANSPOSE.tensor(all, Value.of(1), Value.of(2))) {
        return FusedTorchEngine.contiguous(rows); // laid out anew, so that the rows are dense
      }
    } finally {
      levels.forEach(TensorHandle::close);
    }
  }

  /** [B, 5 + classes, cells]. */
  private static TensorHandle level(Prediction prediction, TensorHandle[] maps) {
    BoxCoding coding = prediction.coding();
    Channels boxes = prediction.boxes();
    TensorHandle box = maps[boxes.layer()];
    int rows = (int) box.shape()[2];
    int columns = (int) box.shape()[3];
    Prediction.Size prior = prediction.prior();
    try (Arena arena = Arena.ofConfined();
        HandleArithmetic on = new HandleArithmetic()) {
      TensorHandle cells =
          on.keep(TensorHandle.of(arena, cells(rows, columns), 1, 2, rows, columns));
      TensorHandle stride =
          on.keep(TensorHandle.of(arena, new float[] {prediction.stride()}, 1, 1, 1, 1));
      float[] priors = {(float) prior.width(), (float) prior.height()};
      TensorHandle size = on.keep(TensorHandle.of(arena, priors, 1, 2, 1, 1));
      List<TensorHandle> parts =
          List.of(
              coding.centre(on, on.channels(box, boxes.first(), 2), cells, stride),
              coding.size(on, on.channels(box, boxes.first() + 2, 2), size),
              on.sigmoid(part(on, maps, prediction.objectness())),
              on.sigmoid(part(on, maps, prediction.classes())));
      TensorHandle map = on.keep(CONCATENATE.tensor(Value.list(parts), Value.of(1)));
      return FLATTEN.tensor(map, Value.of(2), Value.of(3));
    }
  }

  private static TensorHandle part(HandleArithmetic on, TensorHandle[] maps, Channels channels) {
    return on.channels(maps[channels.layer()], channels.first(), channels.count());
  }

  /** [2, rows, columns]: the column and the row of each cell. */
  private static float[] cells(int rows, int columns) {
    int cells = rows * columns;
    float[] values = new float[2 * cells];
    for (int i = 0; i < cells; i++) {
      int row = i / columns;
      values[i] = i % columns;
      values[cells + i] = row;
    }
    return values;
  }
}
