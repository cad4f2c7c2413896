package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;

import org.bytedeco.opencv.opencv_core.Mat;

/** How a video's pictures are to be turned before they are shown. */
enum QuarterTurns {
  NONE,
  CLOCKWISE,
  HALF,
  COUNTERCLOCKWISE;

  /** Returns the turn nearest to an angle; none for one that is not a number. */
  static QuarterTurns clockwise(double degrees) {
    return values()[Math.floorMod(Math.round(degrees / 90), values().length)];
  }

  /** Writes the turned picture to the target. */
  void copy(Mat picture, Mat target) {
    switch (this) {
      case NONE -> picture.copyTo(target);
      case CLOCKWISE -> rotate(picture, target, ROTATE_90_CLOCKWISE);
      case HALF -> rotate(picture, target, ROTATE_180);
      case COUNTERCLOCKWISE -> rotate(picture, target, ROTATE_90_COUNTERCLOCKWISE);
    }
  }

  boolean isSideways() {
    return this == CLOCKWISE || this == COUNTERCLOCKWISE;
  }
}
