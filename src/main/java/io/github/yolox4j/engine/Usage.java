package io.github.yolox4j.engine;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Lets any number of threads use native memory until it is freed: freeing waits for the uses that
 * are going on, and what comes after it is refused. Thread-safe.
 */
public final class Usage {

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Supplier<? extends RuntimeException> refusal;
  private boolean ended; // guarded by the lock

  /** A use, which the thread that began it ends. Ending it again does nothing. */
  public final class Use implements AutoCloseable {
    private boolean over;

    private Use() {}

    @Override
    public void close() {
      if (!over) {
        over = true;
        lock.readLock().unlock();
      }
    }
  }

  /** Makes the usage of a detector or of a part of it. */
  public Usage() {
    this(() -> new IllegalStateException("the detector is closed"));
  }

  /**
   * Makes a usage.
   *
   * @param refusal what is thrown when a use begins after the end
   */
  public Usage(Supplier<? extends RuntimeException> refusal) {
    this.refusal = refusal;
  }

  /**
   * Begins a use.
   *
   * @return the use, to be closed by the same thread
   * @throws RuntimeException the refusal, after the end
   */
  public Use begin() {
    lock.readLock().lock();
    if (ended) {
      lock.readLock().unlock();
      throw refusal.get();
    }
    return new Use();
  }

  /**
   * Waits for the uses that are going on and frees. Ending again does nothing.
   *
   * @param free frees what was used; runs once
   * @throws IllegalStateException if the calling thread has not ended a use of its own
   */
  public void end(Runnable free) {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException("the calling thread still uses what it closes");
    }
    lock.writeLock().lock();
    try {
      if (!ended) {
        ended = true;
        free.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
