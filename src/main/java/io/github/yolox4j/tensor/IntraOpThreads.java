package io.github.yolox4j.tensor;

/**
 * How many threads one operation may use, for the whole process and whichever library computes.
 * Thread-safe.
 */
public final class IntraOpThreads {

  private static volatile int count = PhysicalCores.count();

  private IntraOpThreads() {}

  /**
   * Returns the number of threads.
   *
   * @return at least 1; the physical cores unless it has been set
   */
  public static int count() {
    return count;
  }

  /**
   * Sets the number of threads.
   *
   * @param threads at least 1
   */
  public static void set(int threads) {
    count = threads;
    LibTorch.applyThreads();
  }
}
