package io.github.yolox4j.augment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that make samples, in the order in which they are asked for them. */
final class SampleThreads {

  private final TrainingSamples samples;
  private final Runnable whenEnded;
  private final BlockingQueue<Optional<PendingSample>> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger running;

  /**
   * Starts the threads.
   *
   * @param count how many, at least 1
   * @param samples what samples are made of
   * @param whenEnded is run when the last thread has ended
   */
  SampleThreads(int count, TrainingSamples samples, Runnable whenEnded) {
    this.samples = samples;
    this.whenEnded = whenEnded;
    running = new AtomicInteger(count);
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().name("samples-" + i).daemon().start(this::makeSamples));
    }
  }

  /** Has a sample made. */
  void begin(PendingSample sample) {
    queue.add(Optional.of(sample));
  }

  private void makeSamples() {
    try (SampleMaker maker = samples.maker()) {
      for (var next = take(); next.isPresent(); next = take()) {
        next.get().make(maker);
      }
    } catch (RuntimeException | Error e) { // there is no maker
      for (var next = take(); next.isPresent(); next = take()) {
        next.get().fail(e);
      }
    } finally {
      if (running.decrementAndGet() == 0) {
        whenEnded.run();
      }
    }
  }

  /** Waits for a sample to make; empty to end. */
  private Optional<PendingSample> take() {
    try {
      return queue.take();
    } catch (InterruptedException _) {
      return Optional.empty();
    }
  }

  /** Ends the threads after the samples that they are making, which it waits for so long. */
  void close(Duration patience) {
    queue.clear();
    threads.forEach(_ -> queue.add(Optional.empty()));
    try {
      for (Thread thread : threads) {
        thread.join(patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
