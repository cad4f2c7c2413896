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
