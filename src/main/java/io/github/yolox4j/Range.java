package io.github.yolox4j;

/** Refuses settings that are out of their range. */
public final class Range {

  private Range() {}

  /**
   * Refuses a value out of its range.
   *
   * @param field what users call the setting
   * @param value what it was set to; NaN is out of every range
   * @param least the least value that is allowed
   * @param most the greatest value that is allowed
   * @throws YoloxException if it is out of the range; the sentence names field, value and range
   */
  public static void require(String field, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new YoloxException(
          "'%s' is %s; expected a number from %s to %s"
              .formatted(field, number(value), number(least), number(most)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
