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

  /**
   * Turns a box as the network predicts it into pixels of the network's input.
   *
   * @param point the anchor point within its picture, row by row
   * @param box the four channels of {@link #boxes}; becomes centre x and y, width and height
   */
  public void decode(int point, float[] box) {
    int row = point / width;
    int column = point - row * width;
    box[0] = (box[0] + column) * stride;
    box[1] = (box[1] + row) * stride;
    box[2] = (float) Math.exp(box[2]) * stride;
    box[3] = (float) Math.exp(box[3]) * stride;
  }

  /**
   * Turns a logit of {@link #objectness} or {@link #classes} into a probability.
   *
   * @param logit the logit
   * @return 0 to 1
   */
  public static float probability(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
