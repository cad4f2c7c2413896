package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Scope;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;

/** Shows which anchor points SimOTA gives to which objects, as the loss uses them. */
public final class Assignments {

  private Assignments() {}

  /**
   * Assigns, on the CPU.
   *
   * @param levels the network's output for strides 8, 16, 32
   * @param targets the objects, boxes in pixels of the network's input
   * @param rule which version of SimOTA
   * @return for each picture its positives, by stride, then row, then column
   * @throws YoloxException if the predictions where objects are are not finite; the message names
   *     the pictures
   */
  public static List<List<PositiveAnchor>> of(
      List<LevelOutput> levels, Targets targets, AssignmentRule rule) {
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      GridPredictions predictions = GridPredictions.of(levels);
      return new ArraySimOta(rule)
          .assignments(predictions, targets).stream()
              .map(image -> positives(image, predictions.points()))
              .toList();
    }
  }

  private static List<PositiveAnchor> positives(ImageAssignment image, AnchorPoints points) {
    return IntStream.range(0, image.anchors().length)
        .mapToObj(i -> positive(points, image.anchors()[i], image.objects()[i], image.ious()[i]))
        .toList();
  }

  private static PositiveAnchor positive(AnchorPoints points, int point, int object, double iou) {
    return new PositiveAnchor(
        object, points.stride(points.level(point)), points.column(point), points.row(point), iou);
  }
}
