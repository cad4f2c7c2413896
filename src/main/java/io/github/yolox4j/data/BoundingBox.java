package io.github.yolox4j.data;

/**
 * Where an object is in an image.
 *
 * @param x the left edge in pixels
 * @param y the top edge in pixels
 * @param width in pixels
 * @param height in pixels
 */
public record BoundingBox(double x, double y, double width, double height) {

  /** The bounds of points, given as x, y, x, y, ... */
  static BoundingBox around(double... points) {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (int i = 0; i + 1 < points.length; i += 2) {
      left = Math.min(left, points[i]);
      right = Math.max(right, points[i]);
      top = Math.min(top, points[i + 1]);
      bottom = Math.max(bottom, points[i + 1]);
    }
    return new BoundingBox(left, top, right - left, bottom - top);
  }

  BoundingBox scaled(double across, double down) {
    return new BoundingBox(x * across, y * down, width * across, height * down);
  }

  /** {@return the right edge in pixels} */
  public double right() {
    return x + width;
  }

  /** {@return the bottom edge in pixels} */
  public double bottom() {
    return y + height;
  }

  /** {@return width times height} */
  public double area() {
    return width * height;
  }

  /** {@return whether all four numbers are finite} */
  public boolean isFinite() {
    return Double.isFinite(x + y + width + height);
  }
}
