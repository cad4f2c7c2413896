package io.github.yolox4j.detect;

/** Decoded predictions as the reference's post-processing takes them. */
final class DecodedPredictions {

  private DecodedPredictions() {}

  /**
   * Selects what reaches a threshold.
   *
   * @param rows (centre x, centre y, width, height, objectness, class probabilities...) each
   */
  static Candidates select(float[] rows, int classes, float threshold) {
    Candidates candidates = new Candidates();
    int length = 5 + classes;
    for (int at = 0; at < rows.length; at += length) {
      int best = at + 5;
      for (int c = at + 6; c < at + length; c++) {
        if (rows[c] > rows[best]) {
          best = c;
        }
      }
      if (rows[at + 4] * rows[best] >= threshold) {
        candidates.add(
            rows[at],
            rows[at + 1],
            rows[at + 2],
            rows[at + 3],
            rows[at + 4],
            rows[best],
            best - at - 5);
      }
    }
    return candidates;
  }
}
