package io.github.yolox4j.engine;

import java.lang.foreign.MemorySegment;

/**
 * What a network predicts at one stride for a batch: native float maps, read where they lie,
 * [picture, row, column, channel].
 *
 * @param stride picture pixels per anchor point
 * @param height rows of anchor points
 * @param width columns of anchor points
 * @param boxes four channels: centre offset x and y in strides, logarithm of width and height
 * @param objectness one channel, logits
 * @param classes a channel per class, logits
 */
public record LevelMap(
    int stride,
    int height,
    int width,
    MemorySegment boxes,
    MemorySegment objectness,
    MemorySegment classes) {

  /**
   * Returns the number of anchor points.
   *
   * @return height * width
   */
  public int points() {
    return height * width;
  }
}
