package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.github.yolox4j.YoloxException;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The size of a video's pictures.
 *
 * @param width pixels
 * @param height pixels
 */
record FrameSize(int width, int height) {

  /** More than any camera makes, and few enough to hold in memory. */
  static final long MAX_PIXELS = 1L << 28;

  /** Checks a size that a source states, before memory is taken for it. */
  static FrameSize checked(String source, int width, int height) {
    if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
      throw new YoloxException(
          "%s: its pictures are %d x %d pixels, expected 1 to 2^28 pixels in all"
              .formatted(source, width, height));
    }
    return new FrameSize(width, height);
  }

  /** Refuses a picture of another size or type. */
  void requireOf(Mat picture) {
    if (picture.type() != CV_8UC3 || picture.cols() != width || picture.rows() != height) {
      throw new IllegalArgumentException(
          "expected 8-bit BGR of %d x %d pixels, got %d x %d with %d channels of %d bytes"
              .formatted(
                  width,
                  height,
                  picture.cols(),
                  picture.rows(),
                  picture.channels(),
                  picture.elemSize1()));
    }
  }
}
