package io.github.yolox4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.Prediction;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is shown of an assignment is what the loss computes with. */
class AssignmentsTest {

  private static final int SIDE = 160;
  private static final int CLASSES = 3;
  private static final int BATCH = 2;

  private static List<LevelOutput> outputs() {
    List<LevelOutput> levels = new ArrayList<>();
    for (Prediction prediction :
        Network.of(OfficialModel.NANO.spec().withClasses(CLASSES)).predictions()) {
      int stride = prediction.stride();
      long side = SIDE / stride;
      long points = BATCH * side * side;
      levels.add(
          new LevelOutput(
              prediction,
              Tensors.of(ReferenceInputs.values(stride, 4 * points, -1, 1), BATCH, 4, side, side),
              Tensors.of(ReferenceInputs.values(stride + 1, points, -3, 1), BATCH, 1, side, side),
              Tensors.of(
                  ReferenceInputs.values(stride + 2, CLASSES * points, -3, 1),
                  BATCH,
                  CLASSES,
                  side,
                  side)));
    }
    return levels;
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void positivesAreThoseOfTheLoss(AssignmentRule rule) {
    try (var _ = new Scope()) {
      Labels labels = ReferenceInputs.labels(7, SIDE, SIDE, new int[] {4, 1}, CLASSES);
      List<List<PositiveAnchor>> images = Assignments.of(outputs(), labels, rule);
      assertEquals(BATCH, images.size());
      GridPredictions predictions = GridPredictions.of(outputs());
      Targets targets = Targets.of(labels, predictions);
      Assignment assignment =
          new ArraySimOta((SimOta) rule.assigner()).assign(predictions, targets);
      double[] grid = Tensors.toDoubles(predictions.grid());
      double[] anchors = Tensors.toDoubles(assignment.anchor());
      double[] rows = Tensors.toDoubles(assignment.row());
      double[] expected = new double[anchors.length * 4];
      for (int i = 0; i < anchors.length; i++) {
        int point = (int) anchors[i] % predictions.cells().size() * GridPredictions.GRID;
        expected[i * 4] = rows[i] % targets.most();
        System.arraycopy(grid, point, expected, i * 4 + 1, 3); // column, row, stride
      }
      double[] found =
          images.stream()
              .flatMap(List::stream)
              .flatMapToDouble(
                  p -> Arrays.stream(new double[] {p.object(), p.column(), p.row(), p.stride()}))
              .toArray();
      assertTrue(found.length > 0);
      assertEquals(Arrays.toString(expected), Arrays.toString(found));
    }
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void anAnchorPointIsNearItsObject(AssignmentRule rule) {
    try (var _ = new Scope()) {
      Labels labels =
          Labels.of(
              List.of(
                  Labels.of("image 0", new int[] {1}, new double[] {60, 90, 40, 20}),
                  Labels.of("image 1", new int[0], new double[0])));
      List<List<PositiveAnchor>> images = Assignments.of(outputs(), labels, rule);
      assertTrue(!images.getFirst().isEmpty() && images.getLast().isEmpty());
      for (PositiveAnchor positive : images.getFirst()) {
        assertTrue(
            Math.abs(positive.x() - 60) < ((SimOta) rule.assigner()).radius() * positive.stride());
        assertTrue(
            Math.abs(positive.y() - 90) < ((SimOta) rule.assigner()).radius() * positive.stride());
      }
    }
  }
}
