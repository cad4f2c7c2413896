package io.github.yolox4j.eval;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;

/** Overlap of boxes, in double precision with the operations of pycocotools in their order. */
public final class BoxIou {

  private BoxIou() {}

  /**
   * {@return intersection over union of a detection and an object, or over the detection's area for
   * a crowd; 0 to 1}
   *
   * @param detection the detection's box
   * @param truth has the object
   * @param annotation its index
   */
  public static double of(BoundingBox detection, GroundTruth truth, int annotation) {
    BoundingBox object = truth.box(annotation);
    double width =
        Math.min(detection.right(), object.right()) - Math.max(detection.x(), object.x());
    if (width <= 0) {
      return 0;
    }
    double height =
        Math.min(detection.bottom(), object.bottom()) - Math.max(detection.y(), object.y());
    if (height <= 0) {
      return 0;
    }
    double intersection = width * height;
    double area = detection.area();
    return intersection / (truth.crowd(annotation) ? area : area + object.area() - intersection);
  }
}
