package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Shows which anchor points SimOTA gives to which objects, as the loss uses them. */
public final class Assignments {

  private Assignments() {}

  /** How SimOTA is computed; both decide alike. */
  public enum Execution {
    /** In Java, on copies of the predictions. */
    ARRAYS,
    /** As operations of libtorch where the predictions are, which is what a GPU does. */
    TENSORS
  }

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
      return arrays(GridPredictions.of(levels), targets, rule);
    }
  }

  /**
   * Assigns by predictions that are decoded already.
   *
   * @param rows [B, A, 5 + classes] on any device: centre x and y, width and height in pixels of
   *     the network's input, logits of objectness and classes
   * @param height the network's input height, a multiple of 32
   * @param width the network's input width, a multiple of 32
   * @param targets the objects, boxes in pixels of the network's input
   * @param rule which version of SimOTA
   * @param execution how it is computed
   * @return for each picture its positives, by stride, then row, then column
   */
  public static List<List<PositiveAnchor>> of(
      Tensor rows,
      int height,
      int width,
      Targets targets,
      AssignmentRule rule,
      Execution execution) {
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      GridPredictions predictions =
          GridPredictions.ofDecoded(rows, new AnchorPoints(height, width));
      return switch (execution) {
        case ARRAYS -> arrays(predictions, targets, rule);
        case TENSORS -> tensors(predictions, targets, rule);
      };
    }
  }

  private static List<List<PositiveAnchor>> arrays(
      GridPredictions predictions, Targets targets, AssignmentRule rule) {
    return new ArraySimOta(rule)
        .assignments(predictions, targets).stream()
            .map(image -> positives(image, predictions.points()))
            .toList();
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

  private static List<List<PositiveAnchor>> tensors(
      GridPredictions predictions, Targets targets, AssignmentRule rule) {
    Assignment found = new TensorSimOta(rule).assign(predictions, targets);
    double[] anchors = Tensors.toDoubles(found.anchor());
    double[] rows = Tensors.toDoubles(found.row());
    double[] ious = Tensors.toDoubles(found.iou());
    double[] weights = Tensors.toDoubles(found.weight());
    int points = predictions.points().size();
    List<List<PositiveAnchor>> images = new ArrayList<>();
    for (int b = 0; b < targets.batch(); b++) {
      images.add(new ArrayList<>());
    }
    for (int i = 0; i < anchors.length; i++) {
      if (weights[i] > 0) {
        int anchor = (int) anchors[i];
        images
            .get(anchor / points)
            .add(
                positive(
                    predictions.points(),
                    anchor % points,
                    (int) rows[i] % targets.most(),
                    ious[i]));
      }
    }
    images.forEach(
        image ->
            image.sort(
                Comparator.comparingInt(PositiveAnchor::stride)
                    .thenComparingInt(PositiveAnchor::row)
                    .thenComparingInt(PositiveAnchor::column)));
    return images;
  }
}
