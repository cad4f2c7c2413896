package io.github.yolox4j.tensor;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The floating-point type that a network computes in. */
public enum Precision {
  /** 32-bit floats. */
  FP32,
  /** bfloat16: the range of a float, 8 bits of precision. */
  BF16,
  /** 16-bit floats, for GPUs. */
  FP16,
  /** 64-bit floats, for comparisons. */
  FP64;

  /**
   * Returns libtorch's name of the type.
   *
   * @return the scalar type
   */
  public ScalarType scalarType() {
    // not a field: the class is usable where libtorch's classes are absent
    return switch (this) {
      case FP32 -> ScalarType.Float;
      case BF16 -> ScalarType.BFloat16;
      case FP16 -> ScalarType.Half;
      case FP64 -> ScalarType.Double;
    };
  }

  /**
   * Returns the name that people type.
   *
   * @return for example {@code bf16}
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
