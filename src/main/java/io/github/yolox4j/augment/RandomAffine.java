package io.github.yolox4j.augment;

import io.github.yolox4j.Range;

/**
 * The warp of a mosaic.
 *
 * @param degrees the largest rotation, 0 to 180
 * @param translate the largest shift, as a share of the input's size, 0 to 1
 * @param minScale the smallest scale, at least 0.01
 * @param maxScale the largest scale, minScale to 10
 * @param shear the largest shear in each direction, in degrees, 0 to 30
 */
public record RandomAffine(
    double degrees, double translate, double minScale, double maxScale, double shear) {

  /** The reference's settings for the models s, m, l, x and darknet53. */
  public static final RandomAffine DEFAULT = new RandomAffine(10, 0.1, 0.1, 2, 2);

  private static final double MAX_SHEAR = 30;

  /** Checks every setting. */
  public RandomAffine {
    Range.require("augmentation.degrees", degrees, 0, 180);
    Range.require("augmentation.translate", translate, 0, 1);
    Range.require(
        "augmentation.min-scale", minScale, Augmentation.LEAST_SCALE, Augmentation.MAX_SCALE);
    Range.require("augmentation.max-scale", maxScale, minScale, Augmentation.MAX_SCALE);
    Range.require("augmentation.shear", shear, 0, MAX_SHEAR);
  }

  Draw draw(RandomSource random) {
    double angle = random.uniform(-degrees, degrees);
    double scale = random.uniform(minScale, maxScale);
    double shearX = random.uniform(-shear, shear);
    double shearY = random.uniform(-shear, shear);
    double translateX = random.uniform(-translate, translate);
    double translateY = random.uniform(-translate, translate);
    return new Draw(angle, scale, shearX, shearY, translateX, translateY);
  }

  /**
   * What is drawn.
   *
   * @param angle rotation in degrees
   * @param scale factor
   * @param shearX degrees
   * @param shearY degrees
   * @param translateX share of the width
   * @param translateY share of the height
   */
  record Draw(
      double angle,
      double scale,
      double shearX,
      double shearY,
      double translateX,
      double translateY) {}
}
