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

  /** An {@link OutcomeBits} at an IoU threshold. */
  boolean has(int i, int outcome, int threshold) {
    return OutcomeBits.has(outcomes[i], outcome, threshold);
  }

  /** The rank in the image, from 0. */
  int rank(int i) {
    return ranks[i];
  }

  double score(int i) {
    return scores[i];
  }
}
