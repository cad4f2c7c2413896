package io.github.yolox4j.export;

/** How far results are apart. */
final class Difference {

  private Difference() {}

  /**
   * {@return the largest difference, at least 0, relative for expected values beyond 1; infinite
   * where the lengths differ or one value is no number}
   */
  static float largest(float[] expected, float[] found) {
    if (expected.length != found.length) {
      return Float.POSITIVE_INFINITY;
    }
    float largest = 0;
    for (int i = 0; i < expected.length; i++) {
      float difference = Math.abs(found[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
      if (!(difference <= largest)) {
        largest = Float.isNaN(difference) ? Float.POSITIVE_INFINITY : difference;
      }
    }
    return largest;
  }
}
