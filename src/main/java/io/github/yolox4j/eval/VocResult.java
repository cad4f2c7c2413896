package io.github.yolox4j.eval;

import java.util.Arrays;
import java.util.List;

/** The outcome of an evaluation by the VOC metric. Immutable, safe for any number of threads. */
public final class VocResult {

  private final List<double[]> averagePrecisions;
  private final int[] objects;

  /**
   * Takes by category and IoU threshold the average precision, -1 where there is no object, and by
   * category how many objects there were to find.
   */
  VocResult(List<double[]> averagePrecisions, int[] objects) {
    this.averagePrecisions = List.copyOf(averagePrecisions);
    this.objects = objects;
  }

  /**
   * {@return a category's average precision, 0 to 1; -1 if it has no object}
   *
   * @param category an index among the ground truth's categories
   * @param iou an index of {@link Thresholds#iou}
   */
  public double averagePrecision(int category, int iou) {
    return averagePrecisions.get(category)[iou];
  }

  /**
   * {@return how well a category is found; VOC knows no average recall, which is -1}
   *
   * @param category an index among the ground truth's categories
   */
  public CocoClassMetrics metrics(int category) {
    double[] precisions = averagePrecisions.get(category);
    double mean = Arrays.stream(precisions).average().orElse(-1);
    return new CocoClassMetrics(mean, precisions[0], -1, objects[category]);
  }

  /**
   * {@return the mean average precision over the categories that have objects, 0 to 1; -1 if none
   * has}
   *
   * @param iou an index of {@link Thresholds#iou}
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
