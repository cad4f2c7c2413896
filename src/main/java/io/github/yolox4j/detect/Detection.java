package io.github.yolox4j.detect;

import java.util.Locale;

/**
 * One detected object.
 *
 * @param x1 left edge in pixels of the original picture
 * @param y1 top edge in pixels
 * @param x2 right edge in pixels
 * @param y2 bottom edge in pixels
 * @param objectness the probability that there is an object, 0 to 1
 * @param classConfidence the probability of the class given an object, 0 to 1
 * @param classId the class, 0-based
 * @param label the class's name
 */
public record Detection(
    float x1,
    float y1,
    float x2,
    float y2,
    float objectness,
    float classConfidence,
    int classId,
    String label) {

  /** {@return the detection's confidence: objectness times class confidence, 0 to 1} */
  public float score() {
    return objectness * classConfidence;
  }

  /** Returns label, score and box, for people. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s %.3f [%.1f %.1f %.1f %.1f]", label, score(), x1, y1, x2, y2);
  }
}
