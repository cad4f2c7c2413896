package io.github.yolox4j.stream;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Decodes a few pictures ahead on a thread of its own, while the network works. */
final class Prefetch implements AutoCloseable {

  private static final int AHEAD = 4;

  /** How long nobody asks whether the work is cancelled while a camera or stream gives nothing. */
  private static final long STALL_MILLISECONDS = 100;

  /** A camera cannot be interrupted: its thread ends and frees what it holds when it gives up. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final BlockingQueue<Reading> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  Prefetch(FrameReader reader) {
    thread = Thread.ofPlatform().name("decode").daemon().start(() -> fill(reader));
  }

  private void fill(FrameReader reader) {
    try (reader) {
      Reading reading;
      do {
        reading = reader.next();
      } while (put(reading) && !(reading instanceof Reading.End));
    } catch (RuntimeException | Error e) {
      put(new Reading.Failed(e));
    }
  }

  private boolean put(Reading reading) {
    try {
      queue.put(reading);
      return true;
    } catch (InterruptedException e) {
      free(reading);
      return false;
    }
  }

  private static void free(Reading reading) {
    if (reading instanceof Reading.Read(Frame frame)) {
      frame.close();
    }
  }

  /**
   * Waits for what comes next: a picture, owned by the caller, an unreadable source or the end, at
   * which work is that is cancelled while it waits.
   */
  Reading next(BooleanSupplier cancelled) throws InterruptedException {
    Reading reading = queue.poll(STALL_MILLISECONDS, TimeUnit.MILLISECONDS);
    while (reading == null) {
      if (cancelled.getAsBoolean()) {
        return new Reading.End();
      }
      reading = queue.poll(STALL_MILLISECONDS, TimeUnit.MILLISECONDS);
    }
    switch (reading) {
      case Reading.Failed(Error error) -> throw error;
      case Reading.Failed(RuntimeException exception) -> throw exception;
      case Reading.Failed(Throwable other) -> throw new IllegalStateException(other);
      case Reading.End _ -> queue.add(reading); // the end stays the end
      case Reading.Read _, Reading.Unreadable _ -> {}
    }
    return reading;
  }

  /** Tells whether a picture is there without waiting. */
  boolean ready() {
    return switch (queue.peek()) {
      case Reading.Read _, Reading.Unreadable _ -> true;
      case null, default -> false;
    };
  }

  /** Stops decoding and frees what was decoded ahead. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      boolean _ = thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Reading reading = queue.poll(); reading != null; reading = queue.poll()) {
      free(reading);
    }
  }
}
