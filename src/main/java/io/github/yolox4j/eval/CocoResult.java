package io.github.yolox4j.eval;

import io.github.yolox4j.data.AreaRange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The outcome of an evaluation by the COCO metric. Immutable, safe for any number of threads. */
public final class CocoResult {

  private static final int AT_50 = 0;
  private static final int AT_75 = 5;

  private final List<Map<AreaRange, PrecisionRecall>> categories;
  private final MatchedDetections matches;

  CocoResult(List<Map<AreaRange, PrecisionRecall>> categories, MatchedDetections matches) {
    this.categories = List.copyOf(categories);
    this.matches = matches;
  }

  /** {@return the twelve numbers that pycocotools prints} */
  public CocoMetrics metrics() {
    return new CocoMetrics(
        averagePrecision(AreaRange.ALL),
        averagePrecision(AreaRange.ALL, AT_50),
        averagePrecision(AreaRange.ALL, AT_75),
        averagePrecision(AreaRange.SMALL),
        averagePrecision(AreaRange.MEDIUM),
        averagePrecision(AreaRange.LARGE),
        averageRecall(AreaRange.ALL, MaxDetections.ONE),
        averageRecall(AreaRange.ALL, MaxDetections.TEN),
        averageRecall(AreaRange.ALL, MaxDetections.HUNDRED),
        averageRecall(AreaRange.SMALL, MaxDetections.HUNDRED),
        averageRecall(AreaRange.MEDIUM, MaxDetections.HUNDRED),
        averageRecall(AreaRange.LARGE, MaxDetections.HUNDRED));
  }

  private double averagePrecision(AreaRange range) {
    return mean(
        categories.stream().flatMapToDouble(c -> Arrays.stream(c.get(range).averagePrecision)));
  }

  private double averagePrecision(AreaRange range, int threshold) {
    return mean(categories.stream().mapToDouble(c -> c.get(range).averagePrecision[threshold]));
  }

  private double averageRecall(AreaRange range, MaxDetections limit) {
    return mean(
        categories.stream().flatMapToDouble(c -> Arrays.stream(c.get(range).recall.get(limit))));
  }

  private static double mean(DoubleStream values) {
    return values.filter(value -> value > -1).average().orElse(-1);
  }

  /**
   * {@return how well a category is found}
   *
   * @param category an index among the ground truth's categories
   */
  public CocoClassMetrics metrics(int category) {
    PrecisionRecall curve = categories.get(category).get(AreaRange.ALL);
    return new CocoClassMetrics(
        mean(Arrays.stream(curve.averagePrecision)),
        curve.averagePrecision[AT_50],
        mean(Arrays.stream(curve.recall.get(MaxDetections.HUNDRED))),
        curve.objects);
  }

  /**
   * {@return a point of a category's precision-recall curve with a hundred detections per image:
   * the best precision at a recall of at least the threshold, 0 to 1; 0 if the recall is not
   * reached, -1 if the category has no such object}
   *
   * @param category an index among the ground truth's categories
   * @param iou an index of {@link Thresholds#iou}
   * @param recall an index of {@link Thresholds#recall}
   * @param range which objects
   */
  public double precision(int category, int iou, int recall, AreaRange range) {
    return categories.get(category).get(range).precision[iou][recall];
  }

  /**
   * {@return the score of the first detection, by descending score, at which a category's curve
   * reaches a recall; 0 if it is not reached, -1 if the category has no such object}
   *
   * @param category an index among the ground truth's categories
   * @param iou an index of {@link Thresholds#iou}
   * @param recall an index of {@link Thresholds#recall}
   * @param range which objects
   */
  public double score(int category, int iou, int recall, AreaRange range) {
    return categories.get(category).get(range).scores[iou][recall];
  }

  /**
   * {@return a category's recall when every detection that the limit allows counts, 0 to 1; -1 if
   * the category has no such object}
   *
   * @param category an index among the ground truth's categories
   * @param iou an index of {@link Thresholds#iou}
   * @param range which objects
   * @param limit how many detections of an image
   */
  public double recall(int category, int iou, AreaRange range, MaxDetections limit) {
    return categories.get(category).get(range).recall.get(limit)[iou];
  }

  /** {@return which detection found which object at IoU 0.5} */
  public MatchedDetections matches() {
    return matches;
  }
}
