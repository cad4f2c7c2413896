package io.github.yolox4j.loss;

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
    double positivesPerObject) {}
