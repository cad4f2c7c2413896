package io.github.yolox4j.eval;

import java.util.List;

/** The outcome of an evaluation by the VOC metric. Immutable, safe for any number of threads. */
public final class VocResult {

  private final List<double[]> averagePrecisions;

  /** Takes by category and IoU threshold the average precision, -1 where there is no object. */
  VocResult(List<double[]> averagePrecisions) {
    this.averagePrecisions = List.copyOf(averagePrecisions);
  }

  /**
   * Returns a category's average precision.
   *
   * @param category an index among the ground truth's categories
   * @param iou an index of {@link Thresholds#iou}
   * @return 0 to 1; -1 if the category has no object
   */
  public double averagePrecision(int category, int iou) {
    return averagePrecisions.get(category)[iou];
  }

  /**
   * Returns the mean average precision at one IoU threshold.
   *
   * @param iou an index of {@link Thresholds#iou}
   * @return the mean over the categories that have objects, 0 to 1; -1 if none has
   */
  public double meanAveragePrecision(int iou) {
    return averagePrecisions.stream()
        .mapToDouble(precisions -> precisions[iou])
        .filter(precision -> precision > -1)
        .average()
        .orElse(-1);
  }

  /**
   * {@return the mean average precision over the IoU thresholds 0.5, 0.55, ... 0.95, 0 to 1; -1 if
   * no category has an object}
   */
  public double meanAveragePrecision() {
    double sum = 0;
    for (int t = 0; t < Thresholds.IOU_COUNT; t++) {
      sum += meanAveragePrecision(t);
    }
    return sum / Thresholds.IOU_COUNT;
  }
}
