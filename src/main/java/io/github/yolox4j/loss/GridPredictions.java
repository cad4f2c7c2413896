package io.github.yolox4j.loss;

import io.github.yolox4j.model.Network;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The network's output over all anchor points, as training needs it (the reference's {@code
 * get_output_and_grid}). At least 32-bit floats, whatever the network computed in. The tensors
 * belong to the scope in which they were made.
 *
 * @param points where the anchor points are
 * @param raw [B, A, 4]: centre offset x and y in strides, logarithm of width and height
 * @param boxes [B, A, 4]: centre x, centre y, width, height in input pixels
 * @param objectness [B, A], logits
 * @param classes [B, A, classes], logits
 * @param grid [A, 3]: column, row and stride of every anchor point
 */
record GridPredictions(
    AnchorPoints points, Tensor raw, Tensor boxes, Tensor objectness, Tensor classes, Tensor grid) {

  static GridPredictions of(List<LevelOutput> levels) {
    LevelOutput finest = levels.getFirst();
    AnchorPoints points =
        new AnchorPoints(
            Math.toIntExact(finest.boxes().size(2) * finest.stride()),
            Math.toIntExact(finest.boxes().size(3) * finest.stride()));
    Tensor raw = rows(levels, LevelOutput::boxes);
    Tensor objectness = rows(levels, LevelOutput::objectness).squeeze(2);
    Tensor classes = rows(levels, LevelOutput::classes);
    Tensor grid = grid(points, raw);
    Tensor stride = grid.narrow(1, 2, 1);
    Tensor centre = raw.narrow(2, 0, 2).add(grid.narrow(1, 0, 2)).mul(stride);
    Tensor size = raw.narrow(2, 2, 2).exp().mul(stride);
    Tensor boxes = torch.cat(new TensorVector(centre, size), 2);
    return new GridPredictions(points, raw, boxes, objectness, classes, grid);
  }

  /** The same on the CPU, for which the host waits. */
  GridPredictions onProcessor() {
    return new GridPredictions(
        points, raw.cpu(), boxes.cpu(), objectness.cpu(), classes.cpu(), grid.cpu());
  }

  long batch() {
    return raw.size(0);
  }

  /** [B, A, C] of the maps [B, C, H, W]; without a copy of each where channels come last. */
  private static Tensor rows(List<LevelOutput> levels, Function<LevelOutput, Tensor> part) {
    List<Tensor> rows = new ArrayList<>();
    for (LevelOutput level : levels) {
      Tensor map = part.apply(level);
      Tensor last = map.permute(0, 2, 3, 1).reshape(map.size(0), -1, map.size(1));
      rows.add(Tensors.type(last) == ScalarType.Double ? last : last.to(ScalarType.Float));
    }
    return torch.cat(new TensorVector(rows.toArray(Tensor[]::new)), 1);
  }

  static Tensor grid(AnchorPoints points, Tensor like) {
    float[] values = new float[points.size() * 3];
    int next = 0;
    for (int level = 0; level < Network.STRIDES.size(); level++) {
      for (int row = 0; row < points.rows(level); row++) {
        for (int column = 0; column < points.columns(level); column++) {
          values[next++] = column;
          values[next++] = row;
          values[next++] = points.stride(level);
        }
      }
    }
    return Tensors.sentTo(Tensors.of(values, points.size(), 3), like).to(Tensors.type(like));
  }
}
