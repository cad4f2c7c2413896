package io.github.yolox4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as a wish: while this is open, the end of the process waits some seconds for the work to
 * be closed with what has been done so far.
 */
final class Interruption implements AutoCloseable {

  private static final long GRACE_SECONDS = 10;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::finishWork, "interruption");
  private volatile boolean requested;

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Asks for the end of the work, and waits for it. */
  void finishWork() {
    requested = true;
    try {
      // not for the thread that works: it waits in System.exit for this one
      boolean _ = finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the work should end. */
  boolean requested() {
    return requested;
  }

  /** Tells that the work is done, with all its files. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the process is ending, and the hook with it
    }
  }
}
