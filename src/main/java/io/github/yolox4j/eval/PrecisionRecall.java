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

  /**
   * Accumulates.
   *
   * @param outcomes by descending score, as {@link OutcomeBits} tells them
   * @param ranks by the same order the ranks in the image, from 0
   * @param byScore the scores in that order
   */
  PrecisionRecall(int objects, int[] outcomes, int[] ranks, double[] byScore) {
    this.objects = objects;
    for (MaxDetections limit : MaxDetections.values()) {
      recall.put(limit, new double[Thresholds.IOU_COUNT]);
    }
    for (int t = 0; t < Thresholds.IOU_COUNT; t++) {
      if (objects == 0) {
        Arrays.fill(precision[t], -1);
        Arrays.fill(scores[t], -1);
        for (double[] recalls : recall.values()) {
          recalls[t] = -1;
        }
      } else {
        accumulate(t, outcomes, ranks, byScore);
      }
      averagePrecision[t] = Arrays.stream(precision[t]).sum() / Thresholds.RECALL_COUNT;
    }
  }

  private void accumulate(int t, int[] outcomes, int[] ranks, double[] byScore) {
    int right = 0;
    int wrong = 0;
    int first = 0;
    int firstTen = 0;
    double[] precisions = new double[objects];
    double[] reachedAt = new double[objects];
    for (int i = 0; i < outcomes.length; i++) {
      if (OutcomeBits.has(outcomes[i], OutcomeBits.RIGHT, t)) {
        reachedAt[right] = byScore[i];
        right++;
        precisions[right - 1] = right / (wrong + right + SPACING);
        first += ranks[i] < MaxDetections.ONE.count() ? 1 : 0;
        firstTen += ranks[i] < MaxDetections.TEN.count() ? 1 : 0;
      } else if (OutcomeBits.has(outcomes[i], OutcomeBits.WRONG, t)) {
        wrong++;
      }
    }
    recall.get(MaxDetections.ONE)[t] = (double) first / objects;
    recall.get(MaxDetections.TEN)[t] = (double) firstTen / objects;
    recall.get(MaxDetections.HUNDRED)[t] = (double) right / objects;
    for (int i = right - 1; i > 0; i--) {
      precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
    }
    int found = 1;
    for (int r = 0; r < Thresholds.RECALL_COUNT; r++) {
      while ((double) found / objects < Thresholds.recall(r)) {
        found++;
      }
      if (found > right) {
        break;
      }
      precision[t][r] = precisions[found - 1];
      scores[t][r] = reachedAt[found - 1];
    }
    // recall 0 is reached by whatever comes first
    scores[t][0] = outcomes.length == 0 ? 0 : byScore[0];
  }
}
