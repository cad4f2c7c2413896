package io.github.yolox4j.stream;

import io.github.yolox4j.detect.Detection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Hands results to the sinks on a thread of its own, while the network works on. */
final class ResultWriter implements AutoCloseable {

  private static final int BEHIND = 4;

  private final List<ResultSink> sinks;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("write").daemon().factory());
  private final Semaphore room = new Semaphore(BEHIND);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  ResultWriter(List<ResultSink> sinks) {
    this.sinks = List.copyOf(sinks);
  }

  /** Opens all sinks of a job, or none. */
  static ResultWriter open(DetectionJob job) {
    List<ResultSink> sinks = new ArrayList<>();
    try {
      for (SinkFactory sink : job.sinks()) {
        sinks.add(sink.open(job.sources(), job.overwriting()));
      }
      return new ResultWriter(sinks);
    } catch (RuntimeException e) {
      try {
        closeAll(sinks);
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Writes a result and closes its frame. Throws what an earlier one failed with. */
  void write(Frame frame, List<Detection> detections) throws InterruptedException {
    room.acquire();
    thread.execute(
        () -> {
          try (frame) {
            if (failure.get() == null) {
              sinks.forEach(sink -> sink.accept(frame, detections));
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            room.release();
          }
        });
    rethrow();
  }

  /** Waits for all results and completes the sinks. */
  void finish() throws InterruptedException {
    room.acquire(BEHIND);
    room.release(BEHIND);
    rethrow();
    sinks.forEach(ResultSink::finish);
  }

  private void rethrow() {
    switch (failure.get()) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  @Override
  public void close() {
    thread.close();
    closeAll(sinks);
  }

  /** Closes all sinks, whichever of them fail, and throws the first failure with the others. */
  private static void closeAll(List<ResultSink> sinks) {
    RuntimeException failure = null;
    for (ResultSink sink : sinks) {
      try {
        sink.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
