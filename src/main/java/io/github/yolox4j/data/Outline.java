package io.github.yolox4j.data;

import static org.bytedeco.opencv.global.opencv_core.CV_32SC2;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * The border of a shape: polygons of which each further one is a hole in the first. Coordinates are
 * those of the picture's plane, where pixel 0 reaches from 0 to 1.
 */
record Outline(List<List<Vertex>> polygons) {

  /** A corner. */
  record Vertex(double x, double y) {}

  /** Samples of a pixel along each axis. */
  private static final int SAMPLES = 4;

  /** Binary digits behind the point in the coordinates that OpenCV draws at. */
  private static final int SHIFT = 8;

  /** A closed polygon with corners at equal angles, whose distances from 0 repeat. */
  static List<Vertex> star(int corners, double... radii) {
    List<Vertex> vertices = new ArrayList<>();
    for (int i = 0; i < corners; i++) {
      double angle = 2 * Math.PI * i / corners;
      double radius = radii[i % radii.length];
      vertices.add(new Vertex(radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)));
    }
    return vertices;
  }

  Outline turned(double angle) {
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return map(v -> new Vertex(cos * v.x - sin * v.y, sin * v.x + cos * v.y));
  }

  Outline scaled(double x, double y) {
    return map(v -> new Vertex(x * v.x, y * v.y));
  }

  Outline moved(double x, double y) {
    return map(v -> new Vertex(x + v.x, y + v.y));
  }

  private Outline map(UnaryOperator<Vertex> change) {
    return new Outline(
        polygons.stream().map(polygon -> polygon.stream().map(change).toList()).toList());
  }

  double left() {
    return polygons.getFirst().stream().mapToDouble(Vertex::x).min().orElseThrow();
  }

  double top() {
    return polygons.getFirst().stream().mapToDouble(Vertex::y).min().orElseThrow();
  }

  double right() {
    return polygons.getFirst().stream().mapToDouble(Vertex::x).max().orElseThrow();
  }

  double bottom() {
    return polygons.getFirst().stream().mapToDouble(Vertex::y).max().orElseThrow();
  }

  /** The area without the holes. */
  double area() {
    double area = 2 * area(polygons.getFirst());
    for (List<Vertex> polygon : polygons) {
      area -= area(polygon);
    }
    return area;
  }

  private static double area(List<Vertex> polygon) {
    double twice = 0;
    Vertex from = polygon.getLast();
    for (Vertex to : polygon) {
      twice += from.x * to.y - to.x * from.y;
      from = to;
    }
    return Math.abs(twice) / 2;
  }

  /**
   * Draws how much of each pixel the shape covers, 0 to 255. OpenCV's own smooth polygons are a
   * line's width too large.
   */
  Mat mask(int height, int width) {
    Mat mask = Mat.zeros(height, width, CV_8U).asMat();
    int x = Math.clamp((long) Math.floor(left()), 0, width);
    int y = Math.clamp((long) Math.floor(top()), 0, height);
    Size size =
        new Size(
            Math.clamp((long) Math.ceil(right()), x, width) - x,
            Math.clamp((long) Math.ceil(bottom()), y, height) - y);
    if (!size.empty()) {
      Mat samples = Mat.zeros(SAMPLES * size.height(), SAMPLES * size.width(), CV_8U).asMat();
      Outline inside = moved(-x, -y);
      opencv_imgproc.fillPoly(
          samples,
          new MatVector(inside.polygons.stream().map(Outline::corners).toArray(Mat[]::new)),
          Scalar.all(255),
          opencv_imgproc.LINE_8,
          SHIFT,
          new Point(0, 0));
      Mat part = new Mat(mask, new Rect(new Point(x, y), size));
      opencv_imgproc.resize(samples, part, size, 0, 0, opencv_imgproc.INTER_AREA);
    }
    return mask;
  }

  /** OpenCV's coordinates are those of the samples' centres. */
  private static Mat corners(List<Vertex> polygon) {
    int[] corners =
        polygon.stream().flatMapToInt(v -> IntStream.of(fixed(v.x), fixed(v.y))).toArray();
    return new Mat(polygon.size(), 1, CV_32SC2, new IntPointer(corners));
  }

  private static int fixed(double coordinate) {
    return Math.toIntExact(Math.round((SAMPLES * coordinate - 0.5) * (1 << SHIFT)));
  }
}
