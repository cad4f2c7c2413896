package io.github.yolox4j.tensor;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The floating-point type that a network computes in. */
public enum Precision {
  /** 32-bit floats. */
  FP32(ScalarType.Float),
  /** bfloat16: the range of a float, 8 bits of precision. */
  BF16(ScalarType.BFloat16),
  /** 16-bit floats, for GPUs. */
  FP16(ScalarType.Half),
  /** 64-bit floats, for comparisons. */
  FP64(ScalarType.Double);

  private final ScalarType type;

  Precision(ScalarType type) {
    this.type = type;
  }

  /**
   * Returns libtorch's name of the type.
   *
   * @return the scalar type
   */
  public ScalarType scalarType() {
    return type;
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
