package io.github.yolox4j.report;

import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.CocoClassMetrics;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.eval.CocoResult;
import io.github.yolox4j.eval.Thresholds;
import io.github.yolox4j.eval.VocResult;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a metric says of a data set and of each of its classes. Immutable.
 *
 * @param metric what the metric is called
 * @param numbers those of the data set
 * @param classes those of the classes, by the ground truth's categories
 */
public record EvaluationScores(String metric, List<Score> numbers, List<CocoClassMetrics> classes) {

  /**
   * A number of a data set.
   *
   * @param name its short name, such as AP50
   * @param meaning what it measures
   * @param value 0 to 1, or -1 if there is no object to measure with
   */
  public record Score(String name, String meaning, double value) {}

  /** Copies the lists. */
  public EvaluationScores {
    numbers = List.copyOf(numbers);
    classes = List.copyOf(classes);
  }

  /**
   * Takes the twelve numbers of the COCO metric.
   *
   * @param result the outcome of an evaluation
   * @param truth what it was measured with
   * @return the scores
   */
  public static EvaluationScores of(CocoResult result, GroundTruth truth) {
    return new EvaluationScores(
        "COCO",
        numbers(result.metrics()),
        IntStream.range(0, truth.categories().size()).mapToObj(result::metrics).toList());
  }

  /** The twelve numbers of the COCO metric with their meanings. */
  static List<Score> numbers(CocoMetrics metrics) {
    return List.of(
        new Score("AP", "average precision, IoU 0.50 to 0.95", metrics.ap()),
        new Score("AP50", "average precision, IoU 0.50", metrics.ap50()),
        new Score("AP75", "average precision, IoU 0.75", metrics.ap75()),
        new Score("AP small", "objects up to 32 × 32 pixels", metrics.apSmall()),
        new Score("AP medium", "from 32 × 32 to 96 × 96 pixels", metrics.apMedium()),
        new Score("AP large", "from 96 × 96 pixels", metrics.apLarge()),
        new Score("AR 1", "average recall, 1 detection an image", metrics.ar1()),
        new Score("AR 10", "average recall, 10 detections an image", metrics.ar10()),
        new Score("AR 100", "average recall, 100 detections an image", metrics.ar100()),
        new Score("AR small", "objects up to 32 × 32 pixels", metrics.arSmall()),
        new Score("AR medium", "from 32 × 32 to 96 × 96 pixels", metrics.arMedium()),
        new Score("AR large", "from 96 × 96 pixels", metrics.arLarge()));
  }

  /**
   * Takes the numbers of the VOC metric, which knows no average recall: a class's is -1.
   *
   * @param result the outcome of an evaluation
   * @param truth what it was measured with
   * @return the scores
   */
  public static EvaluationScores of(VocResult result, GroundTruth truth) {
    int[] objects = new int[truth.categories().size()];
    for (int i = 0; i < truth.size(); i++) {
      objects[truth.category(i)] += truth.ignored(i) ? 0 : 1;
    }
    return new EvaluationScores(
        "VOC",
        List.of(
            new Score("mAP50", "mean average precision, IoU 0.50", result.meanAveragePrecision(0)),
            new Score(
                "mAP", "mean average precision, IoU 0.50 to 0.95", result.meanAveragePrecision())),
        IntStream.range(0, objects.length)
            .mapToObj(
                k ->
                    new CocoClassMetrics(
                        mean(result, k), result.averagePrecision(k, 0), -1, objects[k]))
            .toList());
  }

  private static double mean(VocResult result, int category) {
    return IntStream.range(0, Thresholds.IOU_COUNT)
        .mapToDouble(t -> result.averagePrecision(category, t))
        .average()
        .orElse(-1);
  }
}
