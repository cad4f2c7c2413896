package io.github.yolox4j.eval;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Precision and recall of one category in one area range, accumulated over its detections by
 * descending score. Numbers are -1 where there is no object to find.
 */
final class PrecisionRecall {

  /** What NumPy calls the spacing of 1, which keeps 0 / 0 out of the precision. */
  private static final double SPACING = Math.ulp(1.0);

  /** How many objects there are to find. */
  final int objects;

  /** By IoU threshold and recall threshold. */
  final double[][] precision = new double[Thresholds.IOU_COUNT][Thresholds.RECALL_COUNT];

  /** The scores at which those precisions are reached. */
  final double[][] scores = new double[Thresholds.IOU_COUNT][Thresholds.RECALL_COUNT];

  /** By IoU threshold, the mean over the recall thresholds. */
  final double[] averagePrecision = new double[Thresholds.IOU_COUNT];

  /** By IoU threshold. */
  final Map<MaxDetections, double[]> recall = new EnumMap<>(MaxDetections.class);

  PrecisionRecall(int objects, RankedOutcomes outcomes) {
    this.objects = objects;
    for (MaxDetections limit : MaxDetections.values()) {
      double[] recalls = new double[Thresholds.IOU_COUNT];
      for (int t = 0; t < recalls.length; t++) {
        recalls[t] = objects == 0 ? -1 : (double) outcomes.right(t, limit.count()) / objects;
      }
      recall.put(limit, recalls);
    }
    for (int t = 0; t < Thresholds.IOU_COUNT; t++) {
      if (objects == 0) {
        Arrays.fill(precision[t], -1);
        Arrays.fill(scores[t], -1);
      } else {
        trace(t, outcomes);
      }
      averagePrecision[t] = Arrays.stream(precision[t]).sum() / Thresholds.RECALL_COUNT;
    }
  }

  /**
   * Walks the curve from its end: the precision at a recall threshold is the largest at or behind
   * the first detection that reaches the threshold.
   */
  private void trace(int t, RankedOutcomes outcomes) {
    int right = outcomes.right(t, MaxDetections.HUNDRED.count());
    int wrong = outcomes.wrong(t);
    int r = Thresholds.RECALL_COUNT - 1;
    while (r >= 0 && (double) right / objects < Thresholds.recall(r)) {
      r--;
    }
    double largest = 0;
    for (int i = outcomes.size() - 1; i >= 0; i--) {
      largest = Math.max(largest, right / (wrong + right + SPACING));
      right -= outcomes.isRight(i, t) ? 1 : 0;
      wrong -= outcomes.isWrong(i, t) ? 1 : 0;
      while (r >= 0 && (i == 0 || (double) right / objects < Thresholds.recall(r))) {
        precision[t][r] = largest;
        scores[t][r] = outcomes.score(i);
        r--;
      }
    }
  }
}
