package io.github.yolox4j.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Times runs and orders what they took. For one thread. */
final class Stopwatch {

  private long[] nanoseconds = new long[64];
  private int size;

  /**
   * Runs again and again.
   *
   * @param run what is timed
   * @param seconds for how long
   * @param least how often at least
   */
  void measure(Runnable run, double seconds, int least) {
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    for (int i = 0; i < least || System.nanoTime() < end; i++) {
      long start = System.nanoTime();
      run.run();
      add(System.nanoTime() - start);
    }
  }

  private void add(long duration) {
    if (size == nanoseconds.length) {
      nanoseconds = Arrays.copyOf(nanoseconds, 2 * size);
    }
    nanoseconds[size++] = duration;
  }

  /**
   * {@return the time within which a share of the runs ended, of few runs the longest's for 0.9, in
   * milliseconds}
   *
   * @param share 0 to 1
   */
  double quantile(double share) {
    long[] sorted = Arrays.copyOf(nanoseconds, size);
    Arrays.sort(sorted);
    return sorted[Math.min(size - 1, (int) (share * size))] / 1e6;
  }
}
