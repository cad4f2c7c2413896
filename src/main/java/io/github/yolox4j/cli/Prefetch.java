package io.github.yolox4j.cli;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Decodes a few pictures ahead on a thread of its own, while the network works. */
final class Prefetch implements AutoCloseable {

  private static final int AHEAD = 4;

  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  /** A picture, the end, or what the decoder threw. */
  private record Item(Frame frame, Throwable failure) {
    private static final Item END = new Item(null, null);
  }

  Prefetch(FrameReader reader) {
    thread = Thread.ofPlatform().name("decode").daemon().start(() -> fill(reader));
  }

  private void fill(FrameReader reader) {
    try (reader) {
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        if (!put(new Item(frame, null))) {
          frame.close();
          return;
        }
      }
      put(Item.END);
    } catch (RuntimeException | Error e) {
      put(new Item(null, e));
    }
  }

  private boolean put(Item item) {
    try {
      queue.put(item);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Waits for the next picture, owned by the caller; null after the last. */
  Frame next() throws InterruptedException {
    Item item = queue.take();
    switch (item.failure()) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      default -> throw new IllegalStateException(item.failure());
    }
    if (item.frame() == null) {
      queue.add(item); // the end stays the end
    }
    return item.frame();
  }

  /** Tells whether a picture is there without waiting. */
  boolean ready() {
    Item item = queue.peek();
    return item != null && item.frame() != null;
  }

  /** Stops decoding and frees what was decoded ahead. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Item item = queue.poll(); item != null; item = queue.poll()) {
      if (item.frame() != null) {
        item.frame().close();
      }
    }
  }
}
