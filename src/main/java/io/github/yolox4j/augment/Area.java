package io.github.yolox4j.augment;

import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** A rectangle of pixels; the right and bottom edges are outside. */
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

  Area intersect(Area other) {
    return new Area(
        Math.max(left, other.left),
        Math.max(top, other.top),
        Math.min(right, other.right),
        Math.min(bottom, other.bottom));
  }

  Area shifted(int dx, int dy) {
    return new Area(left + dx, top + dy, right + dx, bottom + dy);
  }

  /** The part of a picture, to be closed by the caller; shares its pixels. */
  Mat of(Mat mat) {
    try (Rect rectangle = new Rect(left, top, width(), height())) {
      return new Mat(mat, rectangle);
    }
  }
}
