package io.github.yolox4j.loss;

import io.github.yolox4j.tensor.Scope;
import org.bytedeco.pytorch.Tensor;

/**
 * The positives of a batch: anchor points that were given to objects. On a GPU their number is not
 * known to the Java side; then there are more entries than positives, and those that do not count
 * have the weight 0.
 *
 * @param anchor [P] 64-bit: image * A + anchor point
 * @param row [P] 64-bit: image * {@link Targets#most} + object
 * @param iou [P] in the predictions' type: of prediction and object
 * @param weight [P] in the predictions' type: 1, or 0 for an entry that does not count
 */
record Assignment(Tensor anchor, Tensor row, Tensor iou, Tensor weight) {

  /** Lets the tensors outlive a scope. */
  Assignment outliving(Scope scope) {
    scope.handOut(anchor);
    scope.handOut(row);
    scope.handOut(iou);
    scope.handOut(weight);
    return this;
  }
}
