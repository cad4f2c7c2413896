package io.github.yolox4j.eval;

import io.github.yolox4j.data.AreaRange;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import java.util.stream.IntStream;

/**
 * Which detections are right and which are wrong at every IoU threshold and in every area range.
 * Each group is matched on its own and writes to its own places only, so that the outcome is the
 * same for any number of threads.
 */
final class CocoMatching {

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

  /** What became of some places in an area range, as {@link OutcomeBits} tells it. */
  int[] outcomes(int areaRange, int[] places) {
    return IntStream.of(places).map(place -> outcome[areaRange][place]).toArray();
  }

  /** By detection, the object that it matches at IoU 0.5 among those of every size. */
  int[] matchedObjects() {
    return matchedObject;
  }

  private void match(int group) {
    int start = groups.start(group);
    ObjectOverlaps overlaps =
        new ObjectOverlaps(truth, truth.objects(groups.image(group), groups.category(group)));
    for (int place = start; place < groups.start(group + 1); place++) {
      int detection = groups.detection(place);
      if (place - start >= TOP) {
        rank[place] = (byte) TOP;
        matchedObject[detection] = NOT_RANKED;
        continue;
      }
      rank[place] = (byte) (place - start);
      matchedObject[detection] = UNMATCHED;
      BoundingBox box = detections.box(detection);
      boolean near = overlaps.select(box);
      for (int a = 0; a < AreaRange.COUNT; a++) {
        int unmatched =
            AreaRange.at(a).contains(box.area()) ? OutcomeBits.WRONG : OutcomeBits.IGNORED;
        outcome[a][place] =
            near ? match(detection, overlaps, a, unmatched) : OutcomeBits.from(unmatched, 0);
      }
    }
  }

  private int match(int detection, ObjectOverlaps overlaps, int areaRange, int unmatched) {
    int bits = 0;
    for (int t = 0; t < Thresholds.IOU_COUNT; t++) {
      double least = Math.min(Thresholds.iou(t), 1 - 1e-10);
      if (overlaps.largest() < least) {
        return bits | OutcomeBits.from(unmatched, t);
      }
      int object = overlaps.take(areaRange, t, least);
      if (object == UNMATCHED) {
        bits |= OutcomeBits.at(unmatched, t);
        continue;
      }
      if (areaRange == 0 && t == 0) {
        matchedObject[detection] = object;
      }
      if (!AreaRange.at(areaRange).counts(truth, object)) {
        bits |= OutcomeBits.at(OutcomeBits.IGNORED, t);
      } else {
        // pycocotools takes the id 0 for no match, and its numbers are to be met
        bits |= OutcomeBits.at(truth.idZero(object) ? unmatched : OutcomeBits.RIGHT, t);
      }
    }
    return bits;
  }
}
