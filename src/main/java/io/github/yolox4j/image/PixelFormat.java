package io.github.yolox4j.image;

import org.bytedeco.opencv.global.opencv_imgproc;

/** The order of the bytes of a pixel. */
public enum PixelFormat {
  /** Blue, green, red: what {@link Picture} holds. */
  BGR(3, PixelFormat.NONE),
  /** Red, green, blue. */
  RGB(3, opencv_imgproc.COLOR_RGB2BGR),
  /** Blue, green, red and one that is dropped. */
  BGRA(4, opencv_imgproc.COLOR_BGRA2BGR),
  /** Red, green, blue and one that is dropped. */
  RGBA(4, opencv_imgproc.COLOR_RGBA2BGR),
  /** One byte of brightness. */
  GRAY(1, opencv_imgproc.COLOR_GRAY2BGR);

  private static final int NONE = -1;

  private final int bytes;
  private final int conversion;

  PixelFormat(int bytes, int conversion) {
    this.bytes = bytes;
    this.conversion = conversion;
  }

  /** {@return the size of a pixel in bytes} */
  public int bytes() {
    return bytes;
  }

  /** OpenCV's conversion to BGR; nothing is to be converted if it is below 0. */
  int conversion() {
    return conversion;
  }
}
