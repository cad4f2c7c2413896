package io.github.yolox4j.proof;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Times runs and orders what they took. */
final class Stopwatch {

  private static final int LEAST_RUNS = 3;

  private long[] nanoseconds = new long[64];
  private int size;

  /** Runs for so long, at least a few times. */
  void measure(Runnable run, double seconds) {
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    while (size < LEAST_RUNS || System.nanoTime() < end) {
      long start = System.nanoTime();
      run.run();
      if (size == nanoseconds.length) {
        nanoseconds = Arrays.copyOf(nanoseconds, 2 * size);
      }
      nanoseconds[size++] = System.nanoTime() - start;
    }
  }

  /**
   * The milliseconds, of few runs the longest's for 0.9, within which a share of the runs ended.
   */
  double quantile(double share) {
    long[] sorted = Arrays.copyOf(nanoseconds, size);
    Arrays.sort(sorted);
    return sorted[Math.min(size - 1, (int) (share * size))] / 1e6;
  }
}
