package io.github.yolox4j.eval;

import io.github.yolox4j.data.AreaRange;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;

/** The objects of one image and category, and those among them that a detection overlaps. */
final class ObjectOverlaps {

  private final GroundTruth truth;
  private final int[] objects;

  /** By area range and object, a bit for each IoU threshold at which a detection has taken it. */
  private final int[][] taken;

  private final int[] near;
  private final double[] overlaps;
  private int count;
  private double largest;

  ObjectOverlaps(GroundTruth truth, int[] objects) {
    this.truth = truth;
    this.objects = objects;
    taken = new int[AreaRange.COUNT][objects.length];
    near = new int[objects.length];
    overlaps = new double[objects.length];
  }

  /** Turns to a detection; false if every object is too far from it to match at any threshold. */
  boolean select(BoundingBox detection) {
    count = 0;
    largest = 0;
    for (int i = 0; i < objects.length; i++) {
      double overlap = BoxIou.of(detection, truth, objects[i]);
      if (overlap >= Thresholds.iou(0)) {
        near[count] = i;
        overlaps[count++] = overlap;
        largest = Math.max(largest, overlap);
      }
    }
    return count > 0;
  }

  /** The largest overlap with the detection. */
  double largest() {
    return largest;
  }

  /**
   * Takes the free object of the largest overlap, or {@link CocoMatching#UNMATCHED}. One that is
   * ignored is taken only where no other fits.
   */
  int take(int areaRange, int threshold, double least) {
    int best = best(areaRange, threshold, least, true);
    if (best < 0) {
      best = best(areaRange, threshold, least, false);
    }
    if (best < 0) {
      return CocoMatching.UNMATCHED;
    }
    taken[areaRange][best] |= 1 << threshold;
    return objects[best];
  }

  private int best(int areaRange, int threshold, double least, boolean counting) {
    AreaRange range = AreaRange.at(areaRange);
    double most = least;
    int best = -1;
    for (int i = 0; i < count; i++) {
      int object = objects[near[i]];
      boolean free = (taken[areaRange][near[i]] >>> threshold & 1) == 0 || truth.crowd(object);
      // of equal overlaps the last
      if (free && overlaps[i] >= most && range.counts(truth, object) == counting) {
        most = overlaps[i];
        best = near[i];
      }
    }
    return best;
  }
}
