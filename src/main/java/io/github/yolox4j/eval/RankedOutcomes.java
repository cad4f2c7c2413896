package io.github.yolox4j.eval;

import java.util.stream.IntStream;

/** What became of a category's detections in one area range, by descending score. */
final class RankedOutcomes {

  private final int[] outcomes;
  private final byte[] ranks;
  private final double[] scores;

  /**
   * Gathers outcomes.
   *
   * @param places from {@link #places}
   */
  RankedOutcomes(int[] places, int areaRange, DetectionGroups groups, CocoMatching matching) {
    outcomes = new int[places.length];
    ranks = new byte[places.length];
    scores = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      outcomes[i] = matching.outcome(areaRange, places[i]);
      ranks[i] = (byte) matching.rank(places[i]);
      scores[i] = groups.scores()[places[i]];
    }
  }

  /** The places of a category that count, by descending score. */
  static int[] places(int category, DetectionGroups groups, CocoMatching matching) {
    int[] places =
        IntStream.range(groups.categoryStart(category), groups.categoryStart(category + 1))
            .filter(place -> matching.rank(place) < MaxDetections.HUNDRED.count())
            .toArray();
    ScoreOrder.sort(places, 0, places.length, groups.scores());
    return places;
  }

  int size() {
    return outcomes.length;
  }

  double score(int i) {
    return scores[i];
  }

  boolean isRight(int i, int threshold) {
    return CocoMatching.right(outcomes[i], threshold);
  }

  boolean isWrong(int i, int threshold) {
    return CocoMatching.wrong(outcomes[i], threshold);
  }

  /** How many are right among the first of each image. */
  int right(int threshold, int limit) {
    int right = 0;
    for (int i = 0; i < outcomes.length; i++) {
      right += ranks[i] < limit && isRight(i, threshold) ? 1 : 0;
    }
    return right;
  }

  int wrong(int threshold) {
    int wrong = 0;
    for (int i = 0; i < outcomes.length; i++) {
      wrong += isWrong(i, threshold) ? 1 : 0;
    }
    return wrong;
  }
}
