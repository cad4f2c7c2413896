package io.github.yolox4j.augment;

/**
 * What is drawn for the warp of a mosaic.
 *
 * @param angle rotation in degrees
 * @param scale factor
 * @param shearX degrees
 * @param shearY degrees
 * @param translateX share of the width
 * @param translateY share of the height
 */
record AffineDraw(
    double angle,
    double scale,
    double shearX,
    double shearY,
    double translateX,
    double translateY) {

  static AffineDraw from(RandomSource random, Augmentation settings) {
    double angle = random.uniform(-settings.degrees(), settings.degrees());
    double scale = random.uniform(settings.minScale(), settings.maxScale());
    double shearX = random.uniform(-settings.shear(), settings.shear());
    double shearY = random.uniform(-settings.shear(), settings.shear());
    double translateX = random.uniform(-settings.translate(), settings.translate());
    double translateY = random.uniform(-settings.translate(), settings.translate());
    return new AffineDraw(angle, scale, shearX, shearY, translateX, translateY);
  }
}
