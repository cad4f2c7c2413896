package io.github.yolox4j.weights;

import java.util.Optional;

/**
 * A convolution of an ONNX graph.
 *
 * @param name the node's name, for messages
 * @param weightName the name of its kernel's initialiser
 * @param label as in {@link Dataflow#label}
 * @param weight the kernel, four dimensions of at least 1
 * @param groups at least 1
 * @param bias [outputs]
 * @param norm the BatchNorm that follows, where the exporter has not folded it in
 */
record OnnxConvolution(
    String name,
    String weightName,
    String label,
    WeightArray weight,
    long groups,
    Optional<WeightArray> bias,
    Optional<Norm> norm) {

  /**
   * A BatchNormalization node; each array is [outputs].
   *
   * @param epsilon what it adds to the variance
   */
  record Norm(
      WeightArray scale,
      WeightArray shift,
      WeightArray mean,
      WeightArray variance,
      float epsilon) {}

  /** The number of outputs. */
  long outputs() {
    return weight.shape()[0];
  }

  OnnxConvolution followedBy(Norm following) {
    return new OnnxConvolution(
        name, weightName, label, weight, groups, bias, Optional.of(following));
  }
}
