package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;

/**
 * How a picture is resized to fit the input.
 *
 * @param width the fitted picture's width
 * @param height the fitted picture's height
 * @param ratio the factor for its boxes
 */
record FittedSize(int width, int height, double ratio) {

  static FittedSize of(Letterbox input, int width, int height) {
    double ratio = input.ratio(width, height);
    return new FittedSize(
        Math.max(1, (int) (width * ratio)), Math.max(1, (int) (height * ratio)), ratio);
  }

  /** Fits the fitted picture once more, which makes a difference where rounding left a pixel. */
  FittedSize again(Letterbox input) {
    return of(input, width, height);
  }

  boolean isSize(int otherWidth, int otherHeight) {
    return width == otherWidth && height == otherHeight;
  }
}
