package io.github.yolox4j.detect;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.github.yolox4j.image.PixelRect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Draws detections on pictures: a box in its class's colour, and a label such as "dog 0.86". A
 * class has the same colour whatever the number of classes. Lines and letters grow with the
 * picture. Higher scores lie on top, and labels on top of all boxes.
 *
 * <p>Labels are drawn in ASCII: accents are dropped, and a name with other characters becomes "#"
 * and the class's number.
 *
 * <p>Immutable and thread-safe, as long as no two threads paint the same picture.
 */
public final class DetectionPainter {

  /** In parts of the mean of the picture's width and height. */
  private static final double LINE_WIDTH = 0.0038;

  private static final double CAP_HEIGHT = 0.0165;

  /** The least that can be read. */
  private static final double MIN_CAP_HEIGHT = 5;

  /** A label with the box that it belongs to. */
  private record PlacedPlate(LabelPlate plate, PixelRect place) {}

  private final boolean scores;

  private DetectionPainter(boolean scores) {
    this.scores = scores;
  }

  /** Creates a painter. */
  public DetectionPainter() {
    this(true);
  }

  /**
   * Creates a painter of objects that are known, not detected.
   *
   * @return a painter whose labels have no score
   */
  public static DetectionPainter withoutScores() {
    return new DetectionPainter(false);
  }

  /**
   * Draws detections in place. A box is cut at the picture's edges; one that lies outside is not
   * drawn.
   *
   * @param bgr the picture, 8-bit BGR
   * @param detections boxes in pixels of the picture, in any order
   * @throws IllegalArgumentException if the picture is not 8-bit BGR
   */
  public void paint(Mat bgr, List<Detection> detections) {
    if (bgr.type() != CV_8UC3) {
      throw new IllegalArgumentException(
          "expected an 8-bit BGR picture, got OpenCV's type " + bgr.type());
    }
    var picture = new PixelRect(0, 0, bgr.cols(), bgr.rows());
    List<Detection> drawn =
        detections.stream()
            .filter(detection -> !box(detection, picture).isEmpty())
            .sorted(Comparator.comparingDouble(Detection::score))
            .toList();
    double side = (bgr.cols() + bgr.rows()) / 2.0;
    int lineWidth = Math.max(1, (int) Math.round(LINE_WIDTH * side));
    // frees every rectangle and colour
    try (var _ = new PointerScope()) {
      for (Detection detection : drawn) {
        paintBox(bgr, box(detection, picture), ClassColour.of(detection.classId()), lineWidth);
      }
      double capHeight = Math.max(MIN_CAP_HEIGHT, CAP_HEIGHT * side);
      for (PlacedPlate label : plates(drawn, picture, capHeight)) {
        label.plate.paint(bgr, label.place);
      }
    }
  }

  /** The pixels that a box touches. */
  private static PixelRect box(Detection detection, PixelRect picture) {
    return new PixelRect(
            Math.clamp(Math.round((double) detection.x1()), -1, picture.right()),
            Math.clamp(Math.round((double) detection.y1()), -1, picture.bottom()),
            Math.clamp(Math.round((double) detection.x2()), -1, picture.right()),
            Math.clamp(Math.round((double) detection.y2()), -1, picture.bottom()))
        .intersection(picture);
  }

  private static void paintBox(Mat bgr, PixelRect box, ClassColour colour, int lineWidth) {
    int edge = Math.max(1, lineWidth / 4);
    // the contrast makes the line visible on ground of its own colour
    paintFrame(bgr, box.grownBy(edge), lineWidth + 2 * edge, colour.contrast());
    paintFrame(bgr, box, lineWidth, colour);
  }

  /** Fills a frame of a width, which lies within its outer border. */
  private static void paintFrame(Mat bgr, PixelRect outer, int width, ClassColour colour) {
    int right = Math.max(outer.left(), outer.right() - width);
    int bottom = Math.max(outer.top(), outer.bottom() - width);
    fill(bgr, new PixelRect(outer.left(), outer.top(), outer.right(), outer.top() + width), colour);
    fill(bgr, new PixelRect(outer.left(), bottom, outer.right(), outer.bottom()), colour);
    fill(
        bgr,
        new PixelRect(outer.left(), outer.top(), outer.left() + width, outer.bottom()),
        colour);
    fill(bgr, new PixelRect(right, outer.top(), outer.right(), outer.bottom()), colour);
  }

  private static void fill(Mat bgr, PixelRect area, ClassColour colour) {
    PixelRect visible = area.intersection(new PixelRect(0, 0, bgr.cols(), bgr.rows()));
    visible.fill(bgr, colour.toScalar());
  }

  /** Places the labels, the highest score first, and returns them the lowest first. */
  private List<PlacedPlate> plates(List<Detection> ascending, PixelRect picture, double capHeight) {
    var placer = new PlatePlacer(picture);
    var plates = new ArrayList<PlacedPlate>();
    for (Detection detection : ascending.reversed()) {
      LabelPlate plate =
          LabelPlate.fitting(
              scores ? LabelText.of(detection) : LabelText.name(detection),
              ClassColour.of(detection.classId()),
              capHeight,
              picture.width());
      PixelRect place = placer.place(box(detection, picture), plate.width(), plate.height());
      plates.add(new PlacedPlate(plate, place));
    }
    return plates.reversed();
  }
}
