package io.github.yolox4j.report;

import java.util.Locale;

/** Numbers as the page shows them. */
final class Numbers {

  private static final String UNKNOWN = "–";

  private Numbers() {}

  /** A part of one, or a dash if it is negative, which stands for unknown. */
  static String part(double value) {
    return value < 0 ? UNKNOWN : decimals(value);
  }

  static String decimals(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  static String count(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
