package io.github.yolox4j.loss;

/**
 * An anchor point that was given to an object.
 *
 * @param object the object's index among its picture's targets
 * @param stride input pixels from an anchor point to the next: 8, 16 or 32
 * @param column counted from 0
 * @param row counted from 0
 * @param iou of the prediction at the anchor point and the object, 0 to 1
 */
public record PositiveAnchor(int object, int stride, int column, int row, double iou) {

  /** {@return the anchor point's x coordinate in input pixels} */
  public double x() {
    return (column + 0.5) * stride;
  }

  /** {@return the anchor point's y coordinate in input pixels} */
  public double y() {
    return (row + 0.5) * stride;
  }
}
