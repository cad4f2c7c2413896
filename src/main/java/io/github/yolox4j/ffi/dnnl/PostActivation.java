package io.github.yolox4j.ffi.dnnl;

/** An activation function that a primitive applies to its result. */
public enum PostActivation {
  /** None. */
  NONE(0, 0),
  /** x * sigmoid(x). */
  SWISH(44, 1),
  /** max(x, 0). */
  RELU(32, 0),
  /** x for positive x, else a tenth of it. */
  LEAKY_RELU(32, 0.1f);

  private final int code;
  private final float alpha;

  PostActivation(int code, float alpha) {
    this.code = code;
    this.alpha = alpha;
  }

  int code() {
    return code;
  }

  float alpha() {
    return alpha;
  }
}
