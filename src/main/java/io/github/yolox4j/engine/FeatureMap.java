package io.github.yolox4j.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Floats that a network predicts for every anchor point of a batch of pictures, read where they lie
 * in native memory: [picture, row, column, channel].
 *
 * @param data the memory, from the first anchor point's first channel on
 * @param channels the map's channels
 * @param pitch the floats from an anchor point to the next, at least the channels
 */
public record FeatureMap(MemorySegment data, int channels, int pitch) {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /**
   * Makes a map whose anchor points follow each other without a gap.
   *
   * @param data the memory
   * @param channels the map's channels
   * @return the map
   */
  public static FeatureMap dense(MemorySegment data, int channels) {
    return new FeatureMap(data, channels, channels);
  }

  /**
   * Reads the first channel.
   *
   * @param point the anchor point, counted through the pictures of the batch
   * @return its value
   */
  public float first(long point) {
    return data.get(FLOAT, point * pitch * Float.BYTES);
  }

  /**
   * Reads all channels.
   *
   * @param point the anchor point, counted through the pictures of the batch
   * @param values gets the channels' values
   */
  public void read(long point, float[] values) {
    MemorySegment.copy(data, FLOAT, point * pitch * Float.BYTES, values, 0, channels);
  }
}
