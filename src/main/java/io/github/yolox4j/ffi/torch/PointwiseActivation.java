package io.github.yolox4j.ffi.torch;

/** What a fused convolution does with each of its outputs. */
public sealed interface PointwiseActivation {

  /** Nothing. */
  record None() implements PointwiseActivation {}

  /** x * sigmoid(x), also called SiLU. */
  record Swish() implements PointwiseActivation {}

  /** max(x, 0). */
  record Relu() implements PointwiseActivation {}

  /**
   * x for positive x, else slope * x.
   *
   * @param slope the slope for negative inputs
   */
  record LeakyRelu(double slope) implements PointwiseActivation {}
}
