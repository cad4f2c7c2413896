package io.github.yolox4j.engine;

/**
 * The anchor points of one stride.
 *
 * @param stride picture pixels per anchor point
 * @param height rows of anchor points
 * @param width columns of anchor points
 */
public record LevelGrid(int stride, int height, int width) {

  /**
   * Returns the number of anchor points.
   *
   * @return height * width
   */
  public int points() {
    return height * width;
  }

  /**
   * Turns a box as the network predicts it into pixels of the network's input.
   *
   * @param point the anchor point within its picture, row by row
   * @param box centre offset x and y in strides, logarithm of width and height; becomes centre x
   *     and y, width and height
   */
  public void decode(int point, float[] box) {
    int row = point / width;
    int column = point - row * width;
    box[0] = (box[0] + column) * stride;
    box[1] = (box[1] + row) * stride;
    box[2] = (float) Math.exp(box[2]) * stride;
    box[3] = (float) Math.exp(box[3]) * stride;
  }
}
