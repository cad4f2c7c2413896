package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import java.util.List;

/**
 * What is drawn for a mosaic.
 *
 * @param centreX where the four tiles meet, in the canvas's pixels
 * @param centreY where the four tiles meet, in the canvas's pixels
 * @param images the images of the tiles: top left, top right, bottom left, bottom right
 * @param affine the warp of the canvas
 */
record MosaicDraw(int centreX, int centreY, List<Integer> images, RandomAffine.Draw affine) {

  static MosaicDraw from(
      RandomSource random, Augmentation settings, Letterbox input, int image, int imageCount) {
    int centreY = (int) random.uniform(0.5 * input.height(), 1.5 * input.height());
    int centreX = (int) random.uniform(0.5 * input.width(), 1.5 * input.width());
    int topRight = random.integer(0, imageCount - 1);
    int bottomLeft = random.integer(0, imageCount - 1);
    int bottomRight = random.integer(0, imageCount - 1);
    return new MosaicDraw(
        centreX,
        centreY,
        List.of(image, topRight, bottomLeft, bottomRight),
        settings.affine().draw(random));
  }
}
