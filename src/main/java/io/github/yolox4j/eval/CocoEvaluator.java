package io.github.yolox4j.eval;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.AreaRange;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.Heap;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The COCO metric for boxes, as pycocotools measures it. Works on all cores; the result is the same
 * for any number of threads.
 *
 * <p>Of each image and category the hundred detections of the highest scores count. By descending
 * score, each takes the free object that it overlaps most, at every IoU threshold and in every area
 * range on its own; objects that are ignored are taken only where no other fits, and a crowd is
 * always free. Detections that match an ignored object, or none while they are outside of the area
 * range, are left out of account.
 */
public final class CocoEvaluator {

  private CocoEvaluator() {}

  /**
   * Compares detections with their ground truth.
   *
   * @param detections the detections, not changed
   * @return the numbers and what they are made of
   * @throws YoloxException if the heap is too small for so many detections
   */
  public static CocoResult evaluate(Detections detections) {
    return Heap.within(
        "The evaluation of %d detections".formatted(detections.size()), () -> compare(detections));
  }

  private static CocoResult compare(Detections detections) {
    GroundTruth truth = detections.groundTruth();
    DetectionGroups groups = new DetectionGroups(detections);
    CocoMatching matching = new CocoMatching(detections, groups);
    int[][] objects = countObjects(truth);
    List<Map<AreaRange, PrecisionRecall>> categories =
        IntStream.range(0, objects.length)
            .parallel()
            .mapToObj(k -> curves(k, objects[k], groups, matching))
            .toList();
    return new CocoResult(categories, new MatchedDetections(truth, matching.matchedObjects()));
  }

  private static Map<AreaRange, PrecisionRecall> curves(
      int category, int[] objects, DetectionGroups groups, CocoMatching matching) {
    int[] places =
        IntStream.range(groups.categoryStart(category), groups.categoryStart(category + 1))
            .filter(place -> matching.rank(place) < MaxDetections.HUNDRED.count())
            .toArray();
    ScoreOrder.sort(places, 0, places.length, groups.scores());
    int[] ranks = IntStream.of(places).map(matching::rank).toArray();
    double[] scores = IntStream.of(places).mapToDouble(place -> groups.scores()[place]).toArray();
    Map<AreaRange, PrecisionRecall> curves = new EnumMap<>(AreaRange.class);
    for (int a = 0; a < AreaRange.COUNT; a++) {
      int[] outcomes = matching.outcomes(a, places);
      curves.put(AreaRange.at(a), new PrecisionRecall(objects[a], outcomes, ranks, scores));
    }
    return curves;
  }

  /** By category and area range, how many objects are to be found. */
  private static int[][] countObjects(GroundTruth truth) {
    int[][] objects = new int[truth.categories().size()][AreaRange.COUNT];
    for (int i = 0; i < truth.size(); i++) {
      for (int a = 0; a < AreaRange.COUNT; a++) {
        if (AreaRange.at(a).counts(truth, i)) {
          objects[truth.category(i)][a]++;
        }
      }
    }
    return objects;
  }
}
