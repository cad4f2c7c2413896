package io.github.yolox4j.tensor;

import java.util.Locale;

/** The floating-point type that a network computes in. Usable without libtorch. */
public enum Precision {
  /** 32-bit floats. */
  FP32,
  /** bfloat16: the range of a float, 8 bits of precision. */
  BF16,
  /** 16-bit floats, for GPUs. */
  FP16,
  /** 64-bit floats, for comparisons. */
  FP64;

  /** {@return the name that people type, for example {@code bf16}} */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
