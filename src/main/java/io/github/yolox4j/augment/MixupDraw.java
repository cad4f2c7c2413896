package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import java.util.function.IntPredicate;

/**
 * What is drawn for mixup.
 *
 * @param scale the partner's factor beyond fitting the input
 * @param flip whether the partner's left and right are exchanged
 * @param partner the image to blend with
 * @param offsetX where the crop begins in the scaled partner
 * @param offsetY where the crop begins in the scaled partner
 */
record MixupDraw(double scale, boolean flip, int partner, int offsetX, int offsetY) {

  /** Needs an image that has boxes, or draws for ever. */
  static MixupDraw from(
      RandomSource random,
      Augmentation settings,
      Letterbox input,
      int imageCount,
      IntPredicate hasBoxes) {
    double scale = random.uniform(settings.minMixupScale(), settings.maxMixupScale());
    boolean flip = random.uniform(0, 1) > 0.5;
    int partner = random.integer(0, imageCount - 1);
    while (!hasBoxes.test(partner)) {
      partner = random.integer(0, imageCount - 1);
    }
    int spareY = scaled(input.height(), scale) - input.height();
    int offsetY = spareY > 0 ? random.integer(0, spareY - 1) : 0;
    int spareX = scaled(input.width(), scale) - input.width();
    int offsetX = spareX > 0 ? random.integer(0, spareX - 1) : 0;
    return new MixupDraw(scale, flip, partner, offsetX, offsetY);
  }

  /** The scaled partner's width. */
  int width(Letterbox input) {
    return scaled(input.width(), scale);
  }

  /** The scaled partner's height. */
  int height(Letterbox input) {
    return scaled(input.height(), scale);
  }

  private static int scaled(int side, double scale) {
    return Math.max(1, (int) (side * scale));
  }
}
