package io.github.yolox4j.loss;

/**
 * The positives of an image, by ascending anchor point.
 *
 * @param anchors the anchor points
 * @param objects the object of each
 * @param ious the IoU of each one's prediction with its object
 */
@SuppressWarnings("ArrayRecordComponent")
record ImageAssignment(int[] anchors, int[] objects, double[] ious) {}
