package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;

/** Weights in 16 bits. */
final class Half {

  private Half() {}

  /**
   * Rounds a weight.
   *
   * @param name the tensor that it is of, for the message
   * @throws YoloxException if it is beyond what 16 bits hold
   */
  static short of(String name, float value) {
    short half = Float.floatToFloat16(value);
    if (Float.isInfinite(Float.float16ToFloat(half))) {
      throw new YoloxException(
          "Tensor %s has the value %s, which 16-bit floats cannot hold; expected fp32"
              .formatted(name, value));
    }
    return half;
  }
}
