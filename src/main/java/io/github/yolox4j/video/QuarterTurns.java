package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;

import org.bytedeco.opencv.opencv_core.Mat;

/** How a video's pictures are to be turned before they are shown. */
enum QuarterTurns {
  NONE {
    @Override
    void copy(Mat picture, Mat target) {
      picture.copyTo(target);
    }
  },
  CLOCKWISE {
    @Override
    void copy(Mat picture, Mat target) {
      rotate(picture, target, ROTATE_90_CLOCKWISE);
    }
  },
  HALF {
    @Override
    void copy(Mat picture, Mat target) {
      rotate(picture, target, ROTATE_180);
    }
  },
  COUNTERCLOCKWISE {
    @Override
    void copy(Mat picture, Mat target) {
      rotate(picture, target, ROTATE_90_COUNTERCLOCKWISE);
    }
  };

  /** Returns the turn nearest to an angle; none for one that is not a number. */
  static QuarterTurns clockwise(double degrees) {
    return values()[Math.floorMod(Math.round(degrees / 90), values().length)];
  }

  /** Writes the turned picture to the target. */
  abstract void copy(Mat picture, Mat target);

  boolean isSideways() {
    return this == CLOCKWISE || this == COUNTERCLOCKWISE;
  }
}
