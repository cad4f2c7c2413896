package io.github.yolox4j.engine;

/**
 * What a network predicts at one stride for a batch of pictures.
 *
 * @param grid the anchor points
 * @param boxes four channels: centre offset x and y in strides, logarithm of width and height
 * @param objectness one channel, logits
 * @param classes a channel per class, logits
 */
public record LevelMap(
    LevelGrid grid, FeatureMap boxes, FeatureMap objectness, FeatureMap classes) {

  /**
   * Returns the number of anchor points.
   *
   * @return those of one picture
   */
  public int points() {
    return grid.points();
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
