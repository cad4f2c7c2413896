package io.github.yolox4j.model;

import java.util.List;

/**
 * What a head predicts once for every cell of a grid. A network's predictions in their order, and
 * within each the cells row by row, are the rows of its flattened output.
 *
 * @param stride picture pixels per cell
 * @param coding how the boxes are coded
 * @param prior width and height in picture pixels that the sizes of boxes are relative to
 * @param boxes four channels, see {@link BoxCoding}
 * @param objectness one channel, logits
 * @param classes a channel per class, logits
 */
public record Prediction(
    int stride,
    BoxCoding coding,
    Size prior,
    Channels boxes,
    Channels objectness,
    Channels classes) {

  /** Numbers of a box. */
  public static final int BOX = 4;

  /**
   * A size in picture pixels.
   *
   * @param width above 0
   * @param height above 0
   */
  public record Size(double width, double height) {}

  /** {@return where boxes, objectness and classes are, in this order} */
  public List<Channels> parts() {
    return List.of(boxes, objectness, classes);
  }
}
