package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;

import org.bytedeco.opencv.opencv_core.Mat;

/** How a video's pictures are to be turned before they are shown. */
enum QuarterTurns {
  NONE(-1),
  CLOCKWISE(ROTATE_90_CLOCKWISE),
  HALF(ROTATE_180),
  COUNTERCLOCKWISE(ROTATE_90_COUNTERCLOCKWISE);

  private final int code;

  QuarterTurns(int code) {
    this.code = code;
  }

  /** Returns the turn nearest to an angle; none for one that is not a number. */
  static QuarterTurns clockwise(double degrees) {
    return values()[Math.floorMod(Math.round(degrees / 90), values().length)];
  }

  /** Writes the turned picture to the target. */
  void copy(Mat picture, Mat target) {
    if (this == NONE) {
      picture.copyTo(target);
    } else {
      rotate(picture, target, code);
    }
  }

  boolean isSideways() {
    return this == CLOCKWISE || this == COUNTERCLOCKWISE;
  }
}
