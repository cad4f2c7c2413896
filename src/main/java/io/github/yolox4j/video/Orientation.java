package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.transpose;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * How a video's pictures are to be turned and mirrored before they are shown.
 *
 * @param sideways whether rows become columns, before all else
 * @param mirrored whether left and right are exchanged
 * @param upsideDown whether top and bottom are exchanged
 */
record Orientation(boolean sideways, boolean mirrored, boolean upsideDown) {

  static final Orientation AS_STORED = new Orientation(false, false, false);

  private static final int AROUND_HORIZONTAL_AXIS = 0;
  private static final int AROUND_VERTICAL_AXIS = 1;
  private static final int AROUND_BOTH = -1;

  /**
   * Returns the orientation nearest to a display matrix: a b u, c d v, x y w put the point (p, q)
   * to (a p + c q, b p + d q).
   */
  static Orientation of(int[] matrix) {
    int a = matrix[0];
    int b = matrix[1];
    int c = matrix[3];
    int d = matrix[4];
    return Math.abs((long) b) > Math.abs((long) a)
        ? new Orientation(true, c < 0, b < 0)
        : new Orientation(false, a < 0, d < 0);
  }

  /** Writes the picture as it is to be shown to the target. */
  void copy(Mat picture, Mat target) {
    Mat turned = picture;
    if (sideways) {
      transpose(picture, target);
      turned = target;
    }
    if (mirrored || upsideDown) {
      int axis = mirrored ? AROUND_VERTICAL_AXIS : AROUND_HORIZONTAL_AXIS;
      flip(turned, target, mirrored && upsideDown ? AROUND_BOTH : axis);
    } else if (!sideways) {
      picture.copyTo(target);
    }
  }
}
