package io.github.yolox4j.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Finds by what the sums over a batch's positives are divided. */
@FunctionalInterface
public interface LossNormalizer {

  /** As the reference: by the number of this batch's positives, at least 1. */
  LossNormalizer BATCH = LossNormalizer::atLeastOne;

  /**
   * {@return the divisor: a scalar of at least 1 / the number of processes, in the innermost scope}
   *
   * @param positives how many anchor points have an object, a scalar on the network's device
   */
  Tensor divisor(Tensor positives);

  /**
   * Keeps a count from being 0.
   *
   * @param count a scalar
   * @return at least 1, in the innermost scope
   */
  static Tensor atLeastOne(Tensor count) {
    return count.clamp_min(new Scalar(1.0));
  }
}
