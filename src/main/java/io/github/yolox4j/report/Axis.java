package io.github.yolox4j.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An axis of a chart.
 *
 * @param label what it shows
 * @param ticks where it has ticks, ascending, at least two; it goes from the first to the last
 * @param decimals how many decimals the ticks have
 */
record Axis(String label, List<Double> ticks, int decimals) {

  private static final int INTERVALS = 5;
  private static final double[] ROUND = {1, 2, 2.5, 5, 10};
  private static final int MOST_DECIMALS = 9;

  /** With more, a number is as wide as the label beside it. */
  private static final int LONGEST_DECIMALS = 4;

  /** From one value to another in equal parts. */
  static Axis between(String label, double first, double last) {
    return new Axis(
        label,
        IntStream.rangeClosed(0, INTERVALS)
            .mapToObj(i -> first + (last - first) * i / INTERVALS)
            .toList(),
        2);
  }

  /** From 0 to the highest of some values, in round steps; what is not finite is left out. */
  static Axis upTo(String label, DoubleStream values) {
    double most = values.filter(Double::isFinite).max().orElse(0);
    double last = most > 0 ? most : 1;
    double rough = last / INTERVALS;
    double magnitude = Math.pow(10, Math.floor(Math.log10(rough)));
    double round =
        Arrays.stream(ROUND)
            .filter(r -> r * magnitude >= rough * (1 - 1e-9))
            .findFirst()
            .orElse(10);
    // in decimal, 0.1 + 0.2 is 0.3
    BigDecimal step =
        BigDecimal.valueOf(round * magnitude)
            .setScale(decimals(magnitude) + 1, RoundingMode.HALF_EVEN)
            .stripTrailingZeros();
    int steps = Math.max(1, (int) Math.ceil(last / step.doubleValue() - 1e-9));
    return new Axis(
        label,
        IntStream.rangeClosed(0, steps)
            .mapToObj(i -> step.multiply(BigDecimal.valueOf(i)).doubleValue())
            .toList(),
        Math.max(0, step.scale()));
  }

  private static int decimals(double magnitude) {
    return Math.clamp(-Math.round(Math.log10(magnitude)), 0, MOST_DECIMALS);
  }

  /** Where a value lies, 0 for the first tick to 1 for the last; a value beyond lies at the end. */
  double part(double value) {
    return Math.clamp((value - ticks.getFirst()) / (ticks.getLast() - ticks.getFirst()), 0.0, 1.0);
  }

  String text(double tick) {
    if (decimals > LONGEST_DECIMALS && tick != 0) {
      BigDecimal exact =
          BigDecimal.valueOf(tick).setScale(decimals, RoundingMode.HALF_EVEN).stripTrailingZeros();
      return exact.unscaledValue() + "e" + -exact.scale();
    }
    String text = String.format(Locale.ROOT, "%,." + decimals + "f", tick);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }
}
