package io.github.yolox4j.train;

import io.github.yolox4j.YoloxException;

/** Refuses values of a recipe that are out of their range, naming their key. */
final class Range {

  private Range() {}

  static void require(String key, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new YoloxException(
          "'%s' is %s; expected a number from %s to %s"
              .formatted(key, number(value), number(least), number(most)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
