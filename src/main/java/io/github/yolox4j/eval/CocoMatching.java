package io.github.yolox4j.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which detections are right and which are wrong at every IoU threshold and in every area range.
 * Each group is matched on its own and writes to its own places only, so that the outcome is the
 * same for any number of threads.
 */
final class CocoMatching {

  /** In an outcome, bit t tells that a place is right at IoU threshold t, bit t + 16 wrong. */
  private static final int WRONG_SHIFT = 16;

  /** Of detections beyond the hundred that count. */
  static final int NOT_RANKED = -2;

  static final int UNMATCHED = -1;

  private static final int TOP = MaxDetections.HUNDRED.count();

  private final Detections detections;
  private final GroundTruth truth;
  private final DetectionGroups groups;

  private final byte[] rank;

  private final int[][] outcome;

  private final int[] matchedObject;

  CocoMatching(Detections detections, DetectionGroups groups) {
    this.detections = detections;
    this.truth = detections.groundTruth();
    this.groups = groups;
    rank = new byte[groups.places()];
    outcome = new int[AreaRange.COUNT][groups.places()];
    matchedObject = new int[groups.places()];
    IntStream.range(0, groups.count()).parallel().forEach(this::match);
  }

  /** A place's rank in its group, from 0; 100 stands for all that do not count. */
  int rank(int place) {
    return rank[place];
  }

  /** What became of a place in an area range. */
  int outcome(int areaRange, int place) {
    return outcome[areaRange][place];
  }

  /** By detection, the object that it matches at IoU 0.5 among those of every size. */
  int[] matchedObjects() {
    return matchedObject;
  }

  static boolean right(int outcome, int threshold) {
    return (outcome >>> threshold & 1) != 0;
  }

  static boolean wrong(int outcome, int threshold) {
    return ((outcome >>> (threshold + WRONG_SHIFT)) & 1) != 0;
  }

  private void match(int group) {
    int start = groups.start(group);
    int end = groups.start(group + 1);
    int[] objects = objects(groups.image(group), groups.category(group));
    int[][] taken = new int[AreaRange.COUNT][objects.length];
    int[] candidates = new int[objects.length];
    double[] overlaps = new double[objects.length];
    for (int place = start; place < end; place++) {
      int detection = groups.detection(place);
      rank[place] = (byte) Math.min(place - start, TOP);
      if (place - start >= TOP) {
        matchedObject[detection] = NOT_RANKED;
        continue;
      }
      // most objects are too far from a detection to match at any threshold
      int count = 0;
      for (int i = 0; i < objects.length; i++) {
        double overlap = BoxIou.of(detections, detection, objects[i]);
        if (overlap >= Thresholds.iou(0)) {
          candidates[count] = i;
          overlaps[count++] = overlap;
        }
      }
      matchedObject[detection] = UNMATCHED;
      double area = detections.width(detection) * detections.height(detection);
      for (int a = 0; a < AreaRange.COUNT; a++) {
        AreaRange range = AreaRange.at(a);
        boolean outside = !range.contains(area);
        int bits = 0;
        for (int t = 0; t < Thresholds.IOU_COUNT; t++) {
          int best = -1;
          boolean ignored = false;
          if (count > 0) {
            best = best(t, false, range, objects, taken[a], candidates, overlaps, count);
            if (best < 0) {
              best = best(t, true, range, objects, taken[a], candidates, overlaps, count);
              ignored = best >= 0;
            }
          }
          if (best < 0) {
            bits |= outside ? 0 : 1 << (t + WRONG_SHIFT);
            continue;
          }
          taken[a][best] |= 1 << t;
          if (a == 0 && t == 0) {
            matchedObject[detection] = objects[best];
          }
          if (!truth.idZero(objects[best])) {
            bits |= ignored ? 0 : 1 << t;
          } else {
            bits |= ignored || outside ? 0 : 1 << (t + WRONG_SHIFT);
          }
        }
        outcome[a][place] = bits;
      }
    }
  }

  /** The free candidate of the largest overlap, the last of equals, or -1. */
  private int best(
      int threshold,
      boolean ignored,
      AreaRange range,
      int[] objects,
      int[] taken,
      int[] candidates,
      double[] overlaps,
      int count) {
    int best = -1;
    double most = Math.min(Thresholds.iou(threshold), 1 - 1e-10);
    for (int i = 0; i < count; i++) {
      int object = objects[candidates[i]];
      boolean free = (taken[candidates[i]] >>> threshold & 1) == 0 || truth.crowd(object);
      if (free && overlaps[i] >= most && ignored(truth, object, range) == ignored) {
        most = overlaps[i];
        best = candidates[i];
      }
    }
    return best;
  }

  static boolean ignored(GroundTruth truth, int object, AreaRange range) {
    return truth.ignored(object) || !range.contains(truth.area(object));
  }

  private int[] objects(int image, int category) {
    int first = truth.firstAnnotation(image);
    int end = truth.firstAnnotation(image + 1);
    int[] objects = new int[end - first];
    int count = 0;
    for (int i = first; i < end; i++) {
      if (truth.category(i) == category) {
        objects[count++] = i;
      }
    }
    return Arrays.copyOf(objects, count);
  }
}
