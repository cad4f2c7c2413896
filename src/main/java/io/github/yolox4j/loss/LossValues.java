package io.github.yolox4j.loss;

import io.github.yolox4j.tensor.Tensors;

/**
 * The losses of a batch as numbers.
 *
 * @param total what is minimised
 * @param box 5 * box loss
 * @param l1 the L1 loss of the boxes, 0 when it is off
 * @param objectness the objectness loss
 * @param classes the class loss
 * @param positivesPerObject the number of positives (at least 1) per object (at least 1)
 */
public record LossValues(
    double total,
    double box,
    double l1,
    double objectness,
    double classes,
    double positivesPerObject) {

  /**
   * Reads losses, for which the host waits.
   *
   * @param losses the losses on any device; not closed
   * @return their values
   */
  public static LossValues of(Losses losses) {
    double[] parts = Tensors.toDoubles(losses.parts());
    return new LossValues(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
  }
}
