package io.github.yolox4j.image;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Some of a picture's pixels: those from the left and top edge to before the right and bottom one.
 *
 * @param left the first column
 * @param top the first row
 * @param right the column after the last
 * @param bottom the row after the last
 */
public record PixelRect(int left, int top, int right, int bottom) {

  /** {@return the number of columns; not above 0 if there are no pixels} */
  public int width() {
    return right - left;
  }

  /** {@return the number of rows; not above 0 if there are no pixels} */
  public int height() {
    return bottom - top;
  }

  /** {@return whether there are no pixels} */
  public boolean isEmpty() {
    return right <= left || bottom <= top;
  }

  /**
   * {@return the pixels in both, perhaps none}
   *
   * @param other another rectangle
   */
  public PixelRect intersection(PixelRect other) {
    return new PixelRect(
        Math.max(left, other.left),
        Math.max(top, other.top),
        Math.min(right, other.right),
        Math.min(bottom, other.bottom));
  }

  /**
   * {@return the rectangle with so many more pixels on each side}
   *
   * @param pixels how many
   */
  public PixelRect grownBy(int pixels) {
    return new PixelRect(left - pixels, top - pixels, right + pixels, bottom + pixels);
  }

  /**
   * {@return the rectangle elsewhere}
   *
   * @param columns how far to the right
   * @param rows how far down
   */
  public PixelRect movedBy(int columns, int rows) {
    return new PixelRect(left + columns, top + rows, right + columns, bottom + rows);
  }

  /**
   * {@return this part of a picture, which shares its pixels, for the caller to close}
   *
   * @param picture has all these pixels
   */
  public Mat of(Mat picture) {
    try (Rect rectangle = new Rect(left, top, width(), height())) {
      return new Mat(picture, rectangle);
    }
  }

  /**
   * Gives this part of a picture one colour; does nothing where there are no pixels.
   *
   * @param picture has all these pixels
   * @param colour the colour; stays the caller's
   */
  public void fill(Mat picture, Scalar colour) {
    if (!isEmpty()) {
      try (Mat part = of(picture);
          Mat value = new Mat(4, 1, opencv_core.CV_64F, (Pointer) colour)) {
        part.setTo(value);
      }
    }
  }
}
