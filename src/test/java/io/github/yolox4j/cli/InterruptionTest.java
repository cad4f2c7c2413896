package io.github.yolox4j.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InterruptionTest {

  @Test
  void theEndOfTheProcessWaitsForTheWorkAndNoLonger() throws InterruptedException {
    AtomicBoolean worked = new AtomicBoolean();
    AtomicBoolean seen = new AtomicBoolean();
    Thread hook;
    try (Interruption interruption = new Interruption()) {
      assertFalse(interruption.requested());
      hook =
          Thread.startVirtualThread(
              () -> {
                interruption.finishWork();
                seen.set(worked.get());
              });
      while (!interruption.requested()) {
        Thread.onSpinWait();
      }
      worked.set(true);
    }
    // this thread lives on, as one that waits in System.exit does
    hook.join();
    assertTrue(seen.get());
  }
}
