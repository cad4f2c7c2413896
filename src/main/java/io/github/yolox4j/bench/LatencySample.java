package io.github.yolox4j.bench;

import java.util.Arrays;

/** How long runs took. */
final class LatencySample {

  private long[] nanoseconds = new long[64];
  private int size;

  void add(long duration) {
    if (size == nanoseconds.length) {
      nanoseconds = Arrays.copyOf(nanoseconds, 2 * size);
    }
    nanoseconds[size++] = duration;
  }

  /** The time within which a share of the runs ended, in milliseconds. */
  double quantile(double share) {
    long[] sorted = Arrays.copyOf(nanoseconds, size);
    Arrays.sort(sorted);
    return sorted[Math.min(size - 1, (int) (share * size))] / 1e6;
  }
}
