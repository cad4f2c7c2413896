package io.github.yolox4j.report;

import io.github.yolox4j.eval.CocoClassMetrics;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Numbers as the page shows them. */
final class Numbers {

  static final String UNKNOWN = "–";

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

  /** With as many digits as a drawing needs. */
  static String drawn(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
  }

  /** The classes by descending average precision. */
  static List<Integer> byPrecision(List<CocoClassMetrics> metrics) {
    return IntStream.range(0, metrics.size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> -metrics.get(k).ap()))
        .toList();
  }
}
