package io.github.yolox4j.augment;

import io.github.yolox4j.data.Labels;
import java.lang.foreign.MemorySegment;

/**
 * Samples for one training step. Its pixels belong to the loader, which fills them anew after
 * {@link #close}; they may be read by any thread until then.
 */
public final class Batch implements AutoCloseable {

  private final long number;
  private final int height;
  private final int width;
  private final MemorySegment pixels;
  private final Labels labels;
  private final Runnable giveBack;
  private boolean closed;

  Batch(
      long number, int height, int width, MemorySegment pixels, Labels labels, Runnable giveBack) {
    this.number = number;
    this.height = height;
    this.width = width;
    this.pixels = pixels;
    this.labels = labels;
    this.giveBack = giveBack;
  }

  /** {@return which batch this is, counted from 0 at the beginning of training} */
  public long number() {
    return number;
  }

  /** {@return how many samples there are, at least 1} */
  public int size() {
    return labels.pictures();
  }

  /** {@return the samples' height in pixels} */
  public int height() {
    return height;
  }

  /** {@return the samples' width in pixels} */
  public int width() {
    return width;
  }

  /**
   * {@return the samples' pixels: native memory of size * height * width * 3 bytes, 8-bit BGR;
   * valid until {@link #close}}
   */
  public MemorySegment pixels() {
    return pixels;
  }

  /**
   * {@return the samples' objects: boxes in the samples' pixels, of pictures called by the file
   * that each sample is made of, a mosaic's first}
   */
  public Labels labels() {
    return labels;
  }

  /** Gives the memory back to the loader; closing twice does nothing more. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      giveBack.run();
    }
  }
}
