package io.github.yolox4j.engine;

/**
 * What a network predicts at one stride for a batch of pictures.
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
    FeatureMap boxes,
    FeatureMap objectness,
    FeatureMap classes) {

  /**
   * Returns the number of anchor points.
   *
   * @return height * width
   */
  public int points() {
    return height * width;
  }
}
