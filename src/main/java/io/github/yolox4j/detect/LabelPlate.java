package io.github.yolox4j.detect;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.getTextSize;
import static org.bytedeco.opencv.global.opencv_imgproc.putText;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.github.yolox4j.image.PixelRect;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A text on a filled plate.
 *
 * @param text ASCII
 * @param colour the plate's; the text is black or white
 * @param capHeight the height of a capital letter in pixels
 */
record LabelPlate(String text, ClassColour colour, double capHeight) {

  /** Drawn larger and scaled down, strokes get widths between whole pixels. */
  private static final int OVERSAMPLING = 4;

  private static final double FONT_CAP_HEIGHT = 21;
  private static final double MIN_CAP_HEIGHT = 4;

  /** In parts of a capital letter's height. */
  private static final double STROKE = 0.15;

  private static final double PADDING = 0.4;
  private static final double DESCENT = 0.3;

  /** Makes a plate no wider than the picture, unless its text became too small to read. */
  static LabelPlate fitting(String text, ClassColour colour, double capHeight, int maxWidth) {
    var plate = new LabelPlate(text, colour, capHeight);
    double shrunk = capHeight * maxWidth / plate.width();
    return shrunk >= capHeight
        ? plate
        : new LabelPlate(text, colour, Math.max(MIN_CAP_HEIGHT, shrunk));
  }

  int width() {
    try (Size size =
        getTextSize(text, FONT_HERSHEY_SIMPLEX, fontScale(), strokeWidth(), new int[1])) {
      return (int) Math.ceil((double) size.width() / OVERSAMPLING + 2 * PADDING * capHeight);
    }
  }

  int height() {
    return (int) Math.ceil((1 + 2 * PADDING + DESCENT / 2) * capHeight);
  }

  private double fontScale() {
    return OVERSAMPLING * capHeight / FONT_CAP_HEIGHT;
  }

  private int strokeWidth() {
    return Math.max(1, (int) Math.round(OVERSAMPLING * capHeight * STROKE));
  }

  /** Draws the plate on the part of its place that lies in the picture. */
  void paint(Mat bgr, PixelRect place) {
    int baseline = (int) Math.round(OVERSAMPLING * (PADDING + 1) * capHeight);
    PixelRect visible = place.intersection(new PixelRect(0, 0, bgr.cols(), bgr.rows()));
    try (Scalar ground = colour.toScalar();
        Scalar ink = colour.contrast().toScalar();
        var origin = new Point((int) Math.round(OVERSAMPLING * PADDING * capHeight), baseline);
        var large =
            new Mat(place.height() * OVERSAMPLING, place.width() * OVERSAMPLING, CV_8UC3, ground);
        var size = new Size(place.width(), place.height());
        var plate = new Mat()) {
      putText(
          large,
          text,
          origin,
          FONT_HERSHEY_SIMPLEX,
          fontScale(),
          ink,
          strokeWidth(),
          LINE_AA,
          false);
      resize(large, plate, size, 0, 0, INTER_AREA);
      try (var part = visible.movedBy(-place.left(), -place.top()).of(plate);
          var target = visible.of(bgr)) {
        part.copyTo(target);
      }
    }
  }
}
