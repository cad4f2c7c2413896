package io.github.yolox4j.tensor;

import java.util.concurrent.ThreadFactory;

/**
 * How many threads one operation may use, whichever library computes: a number for the whole
 * process, except for threads that were made to compute alone. Thread-safe.
 */
public final class IntraOpThreads {

  private static final ThreadLocal<Boolean> ALONE = ThreadLocal.withInitial(() -> false);

  private static volatile int count = PhysicalCores.count();

  private IntraOpThreads() {}

  /**
   * {@return the number of threads for the calling thread's operations, at least 1: the physical
   * cores unless it has been set}
   */
  public static int count() {
    return ALONE.get() ? 1 : count;
  }

  static int ofProcess() {
    return count;
  }

  /**
   * Sets the number of threads for the whole process: for programs to which it belongs.
   *
   * @param threads at least 1
   */
  public static void set(int threads) {
    count = threads;
    LibTorch.applyThreads(threads);
  }

  /**
   * Makes threads that compute alone: their operations have one thread each. Many at once use the
   * cores better than many threads in one operation.
   *
   * @param threads makes the threads themselves
   * @return makes threads of that kind
   */
  public static ThreadFactory alone(ThreadFactory threads) {
    return work ->
        threads.newThread(
            () -> {
              ALONE.set(true);
              LibTorch.applyThreadsOfCaller();
              work.run();
            });
  }
}
