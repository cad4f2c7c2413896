package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;

/** Shows which anchor points are given to which objects, as the loss uses them. */
public final class Assignments {

  private Assignments() {}

  /**
   * Assigns, on the CPU.
   *
   * @param levels the network's output for strides 8, 16, 32
   * @param labels the objects, boxes in pixels of the network's input
   * @param rule how to assign
   * @return for each picture its positives, by stride, then row, then column
   * @throws YoloxException if the predictions where objects are are not finite, or an object has a
   *     class that the network does not know; the message names the pictures
   */
  public static List<List<PositiveAnchor>> of(
      List<LevelOutput> levels, Labels labels, AssignmentRule rule) {
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      GridPredictions predictions = GridPredictions.of(levels);
      Targets targets = Targets.of(labels, predictions);
      return shown(rule.assigner().assign(predictions, targets), predictions.cells(), targets);
    }
  }

  private static List<List<PositiveAnchor>> shown(
      Assignment assignment, AnchorGrid cells, Targets targets) {
    double[] anchors = Tensors.toDoubles(assignment.anchor());
    double[] rows = Tensors.toDoubles(assignment.row());
    double[] ious = Tensors.toDoubles(assignment.iou());
    List<List<PositiveAnchor>> pictures = new ArrayList<>();
    for (int b = 0; b < targets.labels().pictures(); b++) {
      pictures.add(new ArrayList<>());
    }
    for (int i = 0; i < anchors.length; i++) {
      int cell = (int) anchors[i] % cells.size();
      AnchorGrid.Level level = cells.level(cell);
      pictures
          .get((int) anchors[i] / cells.size())
          .add(
              new PositiveAnchor(
                  (int) rows[i] % targets.most(),
                  level.prediction().stride(),
                  level.column(cell),
                  level.row(cell),
                  ious[i]));
    }
    return pictures;
  }
}
