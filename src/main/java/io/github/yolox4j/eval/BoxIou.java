package io.github.yolox4j.eval;

import io.github.yolox4j.data.GroundTruth;

/** Overlap of boxes, in double precision with the operations of pycocotools in their order. */
public final class BoxIou {

  private BoxIou() {}

  /**
   * Returns how much a detection and an object overlap.
   *
   * @param detections has the detection
   * @param detection its index
   * @param annotation the object's index in the ground truth of the detections
   * @return intersection over union, or over the detection's area for a crowd; 0 to 1
   */
  public static double of(Detections detections, int detection, int annotation) {
    GroundTruth truth = detections.groundTruth();
    double x = detections.x(detection);
    double y = detections.y(detection);
    double w = detections.width(detection);
    double h = detections.height(detection);
    double gx = truth.x(annotation);
    double gy = truth.y(annotation);
    double gw = truth.width(annotation);
    double gh = truth.height(annotation);
    double width = Math.min(w + x, gw + gx) - Math.max(x, gx);
    if (width <= 0) {
      return 0;
    }
    double height = Math.min(h + y, gh + gy) - Math.max(y, gy);
    if (height <= 0) {
      return 0;
    }
    double intersection = width * height;
    double area = w * h;
    return intersection / (truth.crowd(annotation) ? area : area + gw * gh - intersection);
  }
}
