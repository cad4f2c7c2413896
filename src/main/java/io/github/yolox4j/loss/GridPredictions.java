package io.github.yolox4j.loss;

import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Arithmetic;
import io.github.yolox4j.model.BoxCoding;
import io.github.yolox4j.model.Prediction;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The network's output over all anchor points, as training needs it (the reference's {@code
 * get_output_and_grid}). At least 32-bit floats, whatever the network computed in. The tensors
 * belong to the scope in which they were made.
 *
 * @param cells where the anchor points are
 * @param raw [B, A, 4] as the network predicts them, see {@link BoxCoding}
 * @param boxes [B, A, 4]: centre x, centre y, width, height in input pixels
 * @param objectness [B, A], logits
 * @param classes [B, A, classes], logits
 * @param grid [A, {@link #GRID}]: column, row, stride, prior width and height of every anchor point
 */
record GridPredictions(
    AnchorGrid cells, Tensor raw, Tensor boxes, Tensor objectness, Tensor classes, Tensor grid) {

  /** Numbers of a row of the grid. */
  static final int GRID = 5;

  /** Where the prior stands in a row of the grid. */
  static final int PRIOR = 3;

  /** As in the reference: keeps the logarithm of an empty box finite. */
  private static final double SIZE_EPSILON = 1e-8;

  private static final Arithmetic.Invertible<Tensor> ON =
      new Arithmetic.Invertible<>() {
        @Override
        public Tensor add(Tensor a, Tensor b) {
          return a.add(b);
        }

        @Override
        public Tensor multiply(Tensor a, Tensor b) {
          return a.mul(b);
        }

        @Override
        public Tensor exp(Tensor x) {
          return x.exp();
        }

        @Override
        public Tensor sigmoid(Tensor x) {
          return x.sigmoid();
        }

        @Override
        public Tensor subtract(Tensor a, Tensor b) {
          return a.sub(b);
        }

        @Override
        public Tensor divide(Tensor a, Tensor b) {
          return a.div(b);
        }

        @Override
        public Tensor log(Tensor x) {
          return x.add(new Scalar(SIZE_EPSILON)).log();
        }
      };

  static GridPredictions of(List<LevelOutput> levels) {
    LevelOutput finest = levels.getFirst();
    int stride = finest.prediction().stride();
    AnchorGrid cells =
        AnchorGrid.of(
            levels.stream().map(LevelOutput::prediction).toList(),
            Math.toIntExact(finest.boxes().size(2) * stride),
            Math.toIntExact(finest.boxes().size(3) * stride));
    Tensor raw = rows(levels, LevelOutput::boxes);
    Tensor objectness = rows(levels, LevelOutput::objectness).squeeze(2);
    Tensor classes = rows(levels, LevelOutput::classes);
    Tensor grid = grid(cells, raw);
    BoxCoding coding = finest.prediction().coding(); // a head has one
    Tensor centre =
        coding.centre(ON, raw.narrow(2, 0, 2), grid.narrow(1, 0, 2), grid.narrow(1, 2, 1));
    Tensor size = coding.size(ON, raw.narrow(2, 2, 2), grid.narrow(1, PRIOR, 2));
    Tensor boxes = torch.cat(new TensorVector(centre, size), 2);
    return new GridPredictions(cells, raw, boxes, objectness, classes, grid);
  }

  /**
   * What should have been predicted.
   *
   * @param boxes [P, 4]: centre x, centre y, width, height in input pixels
   * @param anchors [P]: for each the anchor point, counted through the batch
   * @return [P, 4], as {@link #raw} is
   */
  Tensor encode(Tensor boxes, Tensor anchors) {
    BoxCoding coding = cells.levels().getFirst().prediction().coding();
    Tensor at = grid.index_select(0, anchors.remainder(new Scalar(grid.size(0))));
    Tensor centre =
        coding.centreValue(ON, boxes.narrow(1, 0, 2), at.narrow(1, 0, 2), at.narrow(1, 2, 1));
    Tensor size = coding.sizeValue(ON, boxes.narrow(1, 2, 2), at.narrow(1, PRIOR, 2));
    return torch.cat(new TensorVector(centre, size), 1);
  }

  /** The same on the CPU, for which the host waits. */
  GridPredictions onProcessor() {
    return new GridPredictions(
        cells, raw.cpu(), boxes.cpu(), objectness.cpu(), classes.cpu(), grid.cpu());
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

  static Tensor grid(AnchorGrid cells, Tensor like) {
    float[] values = new float[cells.size() * GRID];
    int next = 0;
    for (AnchorGrid.Level level : cells.levels()) {
      Prediction prediction = level.prediction();
      for (int cell = 0; cell < level.size(); cell++) {
        values[next++] = cell % level.columns();
        values[next++] = Math.floorDiv(cell, level.columns());
        values[next++] = prediction.stride();
        values[next++] = (float) prediction.prior().width();
        values[next++] = (float) prediction.prior().height();
      }
    }
    return Tensors.sentTo(Tensors.of(values, cells.size(), GRID), like).to(Tensors.type(like));
  }
}
