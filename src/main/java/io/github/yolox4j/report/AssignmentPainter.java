package io.github.yolox4j.report;

import static org.bytedeco.opencv.global.opencv_imgproc.FILLED;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.detect.ClassColour;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.loss.PositiveAnchor;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Draws a training sample, twice as large: each object's box and its anchor points as dots, which
 * grow with the stride, in a colour of its own; beneath it a line that counts them.
 */
final class AssignmentPainter {

  private static final int SCALE = 2;
  private static final int LINE = 2;
  private static final int LEGEND = 32;
  private static final double FONT_SCALE = 0.5;

  /** Makes the picture, owned by the caller. */
  Picture paint(Picture sample, Labels labels, List<PositiveAnchor> positives) {
    Mat drawing = new Mat();
    try (var _ = new PointerScope()) {
      Mat large = new Mat();
      Size size = new Size(sample.width() * SCALE, sample.height() * SCALE);
      opencv_imgproc.resize(sample.mat(), large, size, 0, 0, INTER_LINEAR);
      for (int object = 0; object < labels.total(); object++) {
        paintBox(large, labels, object);
      }
      positives.stream()
          .sorted(Comparator.comparingInt(PositiveAnchor::stride).reversed())
          .forEach(positive -> paintDot(large, positive));
      opencv_core.copyMakeBorder(
          large, drawing, 0, LEGEND, 0, 0, opencv_core.BORDER_CONSTANT, new Scalar(0, 0, 0, 0));
      opencv_imgproc.putText(
          drawing,
          legend(labels.total(), positives),
          new Point(LEGEND / 3, large.rows() + LEGEND * 2 / 3),
          FONT_HERSHEY_SIMPLEX,
          FONT_SCALE,
          new Scalar(255, 255, 255, 0),
          1,
          LINE_AA,
          false);
    }
    return Picture.take(drawing);
  }

  private static void paintBox(Mat picture, Labels labels, int object) {
    float width = (float) labels.width(object);
    float height = (float) labels.height(object);
    Rect box =
        new Rect(
            Math.round(((float) labels.x(object) - width / 2) * SCALE),
            Math.round(((float) labels.y(object) - height / 2) * SCALE),
            Math.max(1, Math.round(width * SCALE)),
            Math.max(1, Math.round(height * SCALE)));
    ClassColour colour = ClassColour.of(object);
    opencv_imgproc.rectangle(picture, box, colour.contrast().toScalar(), 2 * LINE, LINE_AA, 0);
    opencv_imgproc.rectangle(picture, box, colour.toScalar(), LINE, LINE_AA, 0);
  }

  private static void paintDot(Mat picture, PositiveAnchor positive) {
    Point centre =
        new Point((int) Math.round(positive.x() * SCALE), (int) Math.round(positive.y() * SCALE));
    int radius = 3 + positive.stride() / 5;
    ClassColour colour = ClassColour.of(positive.object());
    opencv_imgproc.circle(
        picture, centre, radius + 1, colour.contrast().toScalar(), FILLED, LINE_AA, 0);
    opencv_imgproc.circle(picture, centre, radius, colour.toScalar(), FILLED, LINE_AA, 0);
  }

  /** Such as "3 objects, 21 anchor points: 12 of stride 8, 9 of stride 16". */
  static String legend(int objects, List<PositiveAnchor> positives) {
    String strides =
        positives.stream()
            .map(PositiveAnchor::stride)
            .sorted()
            .distinct()
            .map(stride -> "%d of stride %d".formatted(count(positives, stride), stride))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%d objects, %d anchor points%s",
        objects,
        positives.size(),
        strides.isEmpty() ? "" : ": " + strides);
  }

  private static long count(List<PositiveAnchor> positives, int stride) {
    return positives.stream().filter(positive -> positive.stride() == stride).count();
  }
}
