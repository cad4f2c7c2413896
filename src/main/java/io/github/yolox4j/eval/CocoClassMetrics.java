package io.github.yolox4j.eval;

/**
 * How well one category is found, 0 to 1; -1 where it has no object.
 *
 * @param ap average precision, the mean over the IoU thresholds 0.5, 0.55, ... 0.95
 * @param ap50 average precision at IoU 0.5
 * @param ar average recall with a hundred detections per image
 * @param objects how many objects there were to find
 */
public record CocoClassMetrics(double ap, double ap50, double ar, int objects) {}
