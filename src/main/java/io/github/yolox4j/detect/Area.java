package io.github.yolox4j.detect;

import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Some of a picture's pixels: those from the left and top edge to before the right and bottom one.
 *
 * @param left the first column
 * @param top the first row
 * @param right the column after the last
 * @param bottom the row after the last
 */
record Area(int left, int top, int right, int bottom) {

  int width() {
    return right - left;
  }

  int height() {
    return bottom - top;
  }

  boolean isEmpty() {
    return right <= left || bottom <= top;
  }

  boolean overlaps(Area other) {
    return !intersection(other).isEmpty();
  }

  Area intersection(Area other) {
    return new Area(
        Math.max(left, other.left),
        Math.max(top, other.top),
        Math.min(right, other.right),
        Math.min(bottom, other.bottom));
  }

  /** Returns the area with so many more pixels on each side. */
  Area grownBy(int pixels) {
    return new Area(left - pixels, top - pixels, right + pixels, bottom + pixels);
  }

  Area movedBy(int columns, int rows) {
    return new Area(left + columns, top + rows, right + columns, bottom + rows);
  }

  /** Returns the area for OpenCV, owned by the caller. */
  Rect toRect() {
    return new Rect(left, top, width(), height());
  }
}
