package io.github.yolox4j.eval;

import java.util.Arrays;

/**
 * Precision, recall and F1 over the score threshold at IoU 0.5. A point stands for a score that
 * some detection has, and counts the detections of at least that score; points are numbered from 0
 * by descending score. Immutable, safe for any number of threads.
 */
public final class ScoreCurve {

  private final int objects;
  private final double[] scores;
  private final int[] right;
  private final int[] counted;
  private final int best;

  /** Takes by point the score, how many detections are right and how many count. */
  ScoreCurve(int objects, double[] scores, int[] right, int[] counted) {
    this.objects = objects;
    this.scores = scores;
    this.right = right;
    this.counted = counted;
    int highest = scores.length == 0 ? -1 : 0;
    for (int i = 1; i < scores.length; i++) {
      if (f1(i) > f1(highest)) {
        highest = i;
      }
    }
    best = highest;
  }

  /** Makes the curve of some detections, which come by descending score. */
  static ScoreCurve of(int objects, int[] order, int from, int to, ClassMatching matching) {
    double[] scores = new double[to - from];
    int[] right = new int[to - from];
    int[] counted = new int[to - from];
    int points = 0;
    int rightSoFar = 0;
    int countedSoFar = 0;
    for (int i = from; i < to; i++) {
      int detection = order[i];
      if (matching.ignored(detection)) {
        continue;
      }
      double score = matching.score(detection);
      rightSoFar += matching.right(detection) ? 1 : 0;
      countedSoFar++;
      if (points == 0 || scores[points - 1] != score) {
        scores[points++] = score;
      }
      right[points - 1] = rightSoFar;
      counted[points - 1] = countedSoFar;
    }
    return new ScoreCurve(
        objects,
        Arrays.copyOf(scores, points),
        Arrays.copyOf(right, points),
        Arrays.copyOf(counted, points));
  }

  /** {@return how many different scores there are} */
  public int size() {
    return scores.length;
  }

  /** {@return how many objects there are to find, at least 0; ignored ones are not counted} */
  public int objects() {
    return objects;
  }

  /**
   * {@return a point's threshold, which is a score}
   *
   * @param point 0 to {@link #size} - 1
   */
  public double score(int point) {
    return scores[point];
  }

  /**
   * {@return which part of the detections is right, 0 to 1}
   *
   * @param point 0 to {@link #size} - 1
   */
  public double precision(int point) {
    return (double) right[point] / counted[point];
  }

  /**
   * {@return which part of the objects is found, 0 to 1; 0 if there is no object}
   *
   * @param point 0 to {@link #size} - 1
   */
  public double recall(int point) {
    return objects == 0 ? 0 : (double) right[point] / objects;
  }

  /**
   * {@return the harmonic mean of precision and recall, 0 to 1}
   *
   * @param point 0 to {@link #size} - 1
   */
  public double f1(int point) {
    return 2.0 * right[point] / (counted[point] + (double) objects);
  }

  /**
   * {@return the point of the lowest score that is at least a threshold; -1 if none is}
   *
   * @param threshold a score
   */
  public int at(double threshold) {
    int low = -1;
    int high = scores.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (scores[middle] >= threshold) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * {@return the point of the highest F1, the one of the highest score among equals; -1 if there is
   * no point}
   */
  public int best() {
    return best;
  }

  /**
   * {@return the score threshold of the highest F1, the score of {@link #best}; 1 if there is no
   * point}
   */
  public double bestThreshold() {
    return best < 0 ? 1 : scores[best];
  }

  /** {@return the highest F1, 0 to 1; 0 if there is no point} */
  public double bestF1() {
    return best < 0 ? 0 : f1(best);
  }

  /**
   * {@return by recall the best precision at that recall or a higher one, as average precision
   * takes it, 0 to 1; 0 where the recall is not reached}
   *
   * @param recalls recalls in ascending order
   */
  public double[] precisionAt(double... recalls) {
    double[] precisions = new double[recalls.length];
    int point = scores.length - 1;
    double highest = 0;
    for (int i = recalls.length - 1; i >= 0; i--) {
      for (; point >= 0 && recall(point) >= recalls[i]; point--) {
        highest = Math.max(highest, precision(point));
      }
      precisions[i] = highest;
    }
    return precisions;
  }
}
