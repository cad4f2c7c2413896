package io.github.yolox4j.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What two lists of boxes have in common, pair by pair. All [P], in square pixels.
 *
 * @param common the area of the intersection
 * @param union the area of the union
 * @param enclosing the area of the smallest box around both
 */
record BoxOverlap(Tensor common, Tensor union, Tensor enclosing) {

  /** Keeps the IoU of two empty boxes a number. */
  static final double EPSILON = 1e-16;

  static BoxOverlap of(Tensor a, Tensor b) {
    Tensor sizeA = a.narrow(1, 2, 2);
    Tensor sizeB = b.narrow(1, 2, 2);
    Scalar half = new Scalar(0.5);
    Tensor fromA = a.narrow(1, 0, 2).sub(sizeA.mul(half));
    Tensor fromB = b.narrow(1, 0, 2).sub(sizeB.mul(half));
    Tensor toA = a.narrow(1, 0, 2).add(sizeA.mul(half));
    Tensor toB = b.narrow(1, 0, 2).add(sizeB.mul(half));
    Tensor common =
        area(torch.minimum(toA, toB).sub(torch.maximum(fromA, fromB)).clamp_min(new Scalar(0.0)));
    Tensor union = area(sizeA).add(area(sizeB)).sub(common);
    return new BoxOverlap(
        common, union, area(torch.maximum(toA, toB).sub(torch.minimum(fromA, fromB))));
  }

  Tensor iou() {
    return common.div(union.add(new Scalar(EPSILON)));
  }

  private static Tensor area(Tensor sizes) {
    return sizes.select(1, 0).mul(sizes.select(1, 1));
  }
}
