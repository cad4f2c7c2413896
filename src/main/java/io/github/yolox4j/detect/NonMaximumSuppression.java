package io.github.yolox4j.detect;

import java.util.Arrays;

/**
 * Greedy non-maximum suppression: by descending score, equal scores by the lower anchor point, a
 * box is dropped when its IoU with a kept one is above the threshold.
 */
final class NonMaximumSuppression {

  private static final int NONE = -1;

  private NonMaximumSuppression() {}

  /**
   * Suppresses.
   *
   * @param candidates the boxes
   * @param threshold the IoU above which the lower score goes, 0 to 1
   * @param agnostic whether boxes of different classes suppress each other
   * @return the positions of the kept boxes, best first
   */
  static int[] keep(Candidates candidates, float threshold, boolean agnostic) {
    int[] order = byScore(candidates);
    int[] kept = new int[order.length];
    int count = 0;
    // kept boxes as a linked list per class
    int[] lastOfClass = new int[agnostic ? 1 : classes(candidates)];
    int[] previous = new int[order.length];
    Arrays.fill(lastOfClass, NONE);
    for (int candidate : order) {
      int list = agnostic ? 0 : candidates.classId(candidate);
      int other = lastOfClass[list];
      while (other != NONE && candidates.iou(candidate, other) <= threshold) {
        other = previous[other];
      }
      if (other == NONE) {
        previous[candidate] = lastOfClass[list];
        lastOfClass[list] = candidate;
        kept[count++] = candidate;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  private static int classes(Candidates candidates) {
    int highest = 0;
    for (int i = 0; i < candidates.size(); i++) {
      highest = Math.max(highest, candidates.classId(i));
    }
    return highest + 1;
  }

  private static int[] byScore(Candidates candidates) {
    long[] keys = new long[candidates.size()];
    for (int i = 0; i < keys.length; i++) {
      // the bits of floats that are not negative order like the floats
      long descending = (long) Integer.MAX_VALUE - Float.floatToIntBits(candidates.score(i));
      keys[i] = descending << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }
}
