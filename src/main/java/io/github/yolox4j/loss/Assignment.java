package io.github.yolox4j.loss;

import io.github.yolox4j.tensor.Scope;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

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

  /** No positives, on the device and in the type of a tensor. */
  static Assignment none(Tensor like) {
    Tensor numbers = like.new_zeros(0);
    Tensor indices = numbers.to(ScalarType.Long);
    return new Assignment(indices, indices, numbers, numbers);
  }

  /** The positives of several parts of a batch, at least one. */
  static Assignment of(List<Assignment> parts) {
    return new Assignment(
        joined(parts, Assignment::anchor),
        joined(parts, Assignment::row),
        joined(parts, Assignment::iou),
        joined(parts, Assignment::weight));
  }

  private static Tensor joined(List<Assignment> parts, Function<Assignment, Tensor> column) {
    return torch.cat(new TensorVector(parts.stream().map(column).toArray(Tensor[]::new)), 0);
  }

  /** Lets the tensors outlive a scope. */
  Assignment outliving(Scope scope) {
    return mapped(scope::handOut);
  }

  /** Changes every tensor in the same way. */
  Assignment mapped(UnaryOperator<Tensor> change) {
    return new Assignment(
        change.apply(anchor), change.apply(row), change.apply(iou), change.apply(weight));
  }
}
