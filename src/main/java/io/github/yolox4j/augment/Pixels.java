package io.github.yolox4j.augment;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** 8-bit BGR pixels, row by row. */
final class Pixels {

  /** Bytes of a pixel. */
  static final int CHANNELS = 3;

  private static final int AROUND_VERTICAL_AXIS = 1;

  private Pixels() {}

  static long bytes(int width, int height) {
    return (long) CHANNELS * width * height;
  }

  /** A picture in native memory that stays its owner's; to be closed before that. */
  static Mat over(MemorySegment pixels, int width, int height) {
    try (BytePointer address = new BytePointer(pixels.asByteBuffer())) {
      return new Mat(height, width, opencv_core.CV_8UC3, address);
    }
  }

  /** Exchanges left and right. */
  static void mirror(Mat picture) {
    opencv_core.flip(picture, picture, AROUND_VERTICAL_AXIS);
  }
}
