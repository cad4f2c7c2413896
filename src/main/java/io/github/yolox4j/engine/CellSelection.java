package io.github.yolox4j.engine;

import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Prediction;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Chooses on the device the cells that may become detections, so that one copy brings them back.
 * Tensors belong to the innermost scope.
 */
final class CellSelection {

  /** Room for a device that rounds otherwise than Java, which decides in the end. */
  private static final double MARGIN = 0.999;

  private CellSelection() {}

  /**
   * Selects.
   *
   * @param grid what the cells are
   * @param levels the network's output on any device
   * @param leastScore the threshold, 0 to 1
   * @return the cells, valid as long as the scope
   */
  static PredictedRows of(AnchorGrid grid, List<LevelOutput> levels, float leastScore) {
    TensorVector parts = new TensorVector();
    for (LevelOutput level : levels) {
      Tensor channels =
          torch.cat(new TensorVector(level.boxes(), level.objectness(), level.classes()), 1);
      parts.push_back(channels.flatten(2, 3).transpose(1, 2));
    }
    Tensor all = torch.cat(parts, 1).to(ScalarType.Float); // [B, A, 5 + classes]
    long width = all.size(2);
    Tensor object = all.select(2, Prediction.BOX).sigmoid();
    long before = Prediction.BOX + 1;
    Tensor best = all.narrow(2, before, width - before).amax(new long[] {2}, false).sigmoid();
    Tensor passes = object.mul(best).ge(new Scalar(leastScore * MARGIN));
    Tensor position = passes.nonzero(); // [N, 2]: picture, cell
    Tensor row = position.select(1, 0).mul(new Scalar(all.size(1))).add(position.select(1, 1));
    Tensor chosen = all.reshape(-1, width).index_select(0, row);
    Tensor rows = torch.cat(new TensorVector(position.to(ScalarType.Float), chosen), 1).cpu();
    int numbers = (int) rows.size(1);
    return new PredictedRows(
        grid, Math.toIntExact(rows.size(0)), new MapView(Tensors.bytes(rows), numbers, numbers));
  }
}
