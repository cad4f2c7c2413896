package io.github.yolox4j.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A long list as a curve has it: no more points than a page can show, each the mean of as many
 * entries.
 *
 * @param entries the list
 */
record Series<T>(List<T> entries) {

  private static final int MOST_POINTS = 500;

  /** How many entries a point stands for. */
  private int size() {
    return Math.max(1, Math.ceilDiv(entries.size(), MOST_POINTS));
  }

  /** By point the mean of the numbers that are finite; NaN if none is. */
  double[] means(ToDoubleFunction<T> number) {
    int size = size();
    return IntStream.range(0, Math.ceilDiv(entries.size(), size))
        .mapToDouble(
            i ->
                entries.subList(i * size, Math.min(entries.size(), (i + 1) * size)).stream()
                    .mapToDouble(number)
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN))
        .toArray();
  }
}
