package io.github.yolox4j.augment;

import java.lang.foreign.MemorySegment;

/**
 * Samples for one training step. Its pixels belong to the loader, which fills them anew after
 * {@link #close}; they may be read by any thread until then.
 */
public final class Batch implements AutoCloseable {

  private final long number;
  private final int height;
  private final int width;
  private final int maxLabels;
  private final MemorySegment pixels;
  private final float[] labels;
  private final int[] images;
  private final int objects;
  private final Runnable giveBack;
  private boolean closed;

  Batch(
      long number,
      int height,
      int width,
      int maxLabels,
      MemorySegment pixels,
      float[] labels,
      int[] images,
      int objects,
      Runnable giveBack) {
    this.number = number;
    this.height = height;
    this.width = width;
    this.maxLabels = maxLabels;
    this.pixels = pixels;
    this.labels = labels;
    this.images = images;
    this.objects = objects;
    this.giveBack = giveBack;
  }

  /**
   * Returns which batch this is.
   *
   * @return counted from 0 at the beginning of training
   */
  public long number() {
    return number;
  }

  /**
   * Returns how many samples there are.
   *
   * @return at least 1
   */
  public int size() {
    return images.length;
  }

  /**
   * Returns the samples' height.
   *
   * @return in pixels
   */
  public int height() {
    return height;
  }

  /**
   * Returns the samples' width.
   *
   * @return in pixels
   */
  public int width() {
    return width;
  }

  /**
   * Returns the samples' pixels.
   *
   * @return native memory of size * height * width * 3 bytes, 8-bit BGR; valid until {@link #close}
   */
  public MemorySegment pixels() {
    return pixels;
  }

  /**
   * Returns the samples' labels.
   *
   * @return size * {@link #maxLabels} * 5 numbers: rows of class, centre x, centre y, width and
   *     height in pixels, zeros after a sample's last; not a copy, and filled anew after {@link
   *     #close}
   */
  public float[] labels() {
    return labels;
  }

  /**
   * Returns how many labels a sample has room for.
   *
   * @return at least 1
   */
  public int maxLabels() {
    return maxLabels;
  }

  /**
   * Returns the images that the samples are made of; a mosaic's first.
   *
   * @return indices into the data set's images, one for each sample
   */
  public int[] images() {
    return images.clone();
  }

  /**
   * Returns how many labels there are in all samples together.
   *
   * @return at least 0
   */
  public int objects() {
    return objects;
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
