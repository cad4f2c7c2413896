package io.github.yolox4j.data;

import static org.bytedeco.opencv.global.opencv_core.CV_32F;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Draws a random picture: some shapes with their shadows on a textured background. All its memory
 * belongs to the {@link org.bytedeco.javacpp.PointerScope} that is open around it.
 */
final class SyntheticScene {

  /** A shape where it was drawn. */
  record PlacedShape(SyntheticShape shape, Outline outline) {}

  private static final int MOST_OBJECTS = 4;
  private static final int ATTEMPTS = 30;

  /** Of the picture's shorter side. */
  private static final double LEAST_SIZE = 0.15;

  private static final double MOST_SIZE = 0.6;

  /** Pixels between a shape and the picture's edge. */
  private static final double MARGIN = 1;

  /** The short side of a shape before it is turned, in parts of the long one. */
  private static final double LEAST_ASPECT = 0.8;

  /** What of an object others leave uncovered. */
  private static final double LEAST_VISIBLE = 0.6;

  /** Above it suppression would take two objects for one. */
  private static final double MOST_IOU = 0.35;

  private static final double SHADOW = 0.5;

  private final int height;
  private final int width;
  private final SplittableRandom random;
  private final List<PlacedShape> shapes = new ArrayList<>();

  /** What is still to be seen of each shape, 255 or 0, and its pixels before others came. */
  private final List<Mat> visible = new ArrayList<>();

  private final List<Integer> pixels = new ArrayList<>();
  private Mat picture;

  SyntheticScene(int height, int width, SplittableRandom random) {
    this.height = height;
    this.width = width;
    this.random = random;
  }

  /** The shapes, a later one lying on earlier ones. */
  List<PlacedShape> shapes() {
    return shapes;
  }

  /** Draws the picture, 8-bit BGR. */
  Mat draw() {
    picture = Texture.any(random).paint(Palette.ofBackground(random), random, height, width);
    int objects = random.nextInt(1, MOST_OBJECTS + 1);
    for (int attempt = 0; attempt < ATTEMPTS && shapes.size() < objects; attempt++) {
      SyntheticShape shape = SyntheticShape.any(random);
      place(new PlacedShape(shape, outline(shape)));
    }
    expose();
    return picture;
  }

  private Outline outline(SyntheticShape shape) {
    Outline unit =
        shape
            .outline()
            .turned(angle())
            .scaled(1, random.nextDouble(LEAST_ASPECT, 1))
            .turned(angle());
    double size = random.nextDouble(LEAST_SIZE, MOST_SIZE) * Math.min(height, width);
    double scale = size / Math.max(unit.right() - unit.left(), unit.bottom() - unit.top());
    Outline sized = unit.scaled(scale, scale);
    return sized.moved(
        random.nextDouble(MARGIN - sized.left(), width - MARGIN - sized.right()),
        random.nextDouble(MARGIN - sized.top(), height - MARGIN - sized.bottom()));
  }

  private double angle() {
    return random.nextDouble(2 * Math.PI);
  }

  /** Draws a shape, unless it would hide too much of others. */
  private void place(PlacedShape placed) {
    for (PlacedShape other : shapes) {
      if (iou(placed.outline, other.outline) > MOST_IOU) {
        return;
      }
    }
    Mat mask = placed.outline.mask(height, width);
    Mat solid = new Mat();
    opencv_imgproc.threshold(mask, solid, 127, 255, opencv_imgproc.THRESH_BINARY);
    List<Mat> left = new ArrayList<>();
    for (int i = 0; i < visible.size(); i++) {
      Mat rest = new Mat();
      opencv_core.subtract(visible.get(i), solid, rest);
      if (opencv_core.countNonZero(rest) < LEAST_VISIBLE * pixels.get(i)) {
        return;
      }
      left.add(rest);
    }
    left.add(solid);
    visible.clear();
    visible.addAll(left);
    pixels.add(opencv_core.countNonZero(solid));
    shapes.add(placed);
    castShadow(placed.outline);
    Mat surface =
        Texture.any(random).paint(Palette.of(placed.shape, random), random, height, width);
    blend(surface, mask, 1);
  }

  private static double iou(Outline a, Outline b) {
    double width = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left());
    double height = Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top());
    double common = Math.max(0, width) * Math.max(0, height);
    return common / (boxArea(a) + boxArea(b) - common);
  }

  private static double boxArea(Outline outline) {
    return (outline.right() - outline.left()) * (outline.bottom() - outline.top());
  }

  private void castShadow(Outline outline) {
    double distance = 0.04 * (outline.right() - outline.left());
    Mat sharp = outline.moved(distance, distance).mask(height, width);
    Mat soft = new Mat();
    opencv_imgproc.GaussianBlur(sharp, soft, new Size(0, 0), 0.3 + distance);
    blend(new Mat(height, width, CV_8UC3, Scalar.all(0)), soft, SHADOW);
  }

  /** Lays a picture over this one, where a mask is 255 with an opacity. */
  private void blend(Mat over, Mat mask, double opacity) {
    Mat weight = new Mat();
    mask.convertTo(weight, CV_32F, opacity / 255, 0);
    Mat rest = new Mat();
    mask.convertTo(rest, CV_32F, -opacity / 255, 1);
    Mat blended = new Mat();
    opencv_imgproc.blendLinear(over, picture, weight, rest, blended);
    picture = blended;
  }

  /** Changes brightness and contrast and adds a camera's noise. */
  private void expose() {
    byte[] bytes = new byte[3 * height * width];
    random.nextBytes(bytes);
    Mat noise = new Mat(height, width, CV_8UC3, new BytePointer(bytes));
    double gain = random.nextDouble(0.7, 1.2);
    double amplitude = random.nextDouble(0, 0.12);
    double offset = random.nextDouble(-15, 15) - 127.5 * amplitude;
    Mat exposed = new Mat();
    opencv_core.addWeighted(picture, gain, noise, amplitude, offset, exposed);
    picture = exposed;
  }
}
