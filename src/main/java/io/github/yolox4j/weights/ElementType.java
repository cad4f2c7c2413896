package io.github.yolox4j.weights;

import java.util.Optional;

/** The type of an array's elements, stored little-endian. */
public enum DType {
  /** IEEE 754 binary64. */
  FLOAT64(8, "F64", "DoubleStorage"),
  /** IEEE 754 binary32. */
  FLOAT32(4, "F32", "FloatStorage"),
  /** IEEE 754 binary16. */
  FLOAT16(2, "F16", "HalfStorage"),
  /** The upper half of a binary32. */
  BFLOAT16(2, "BF16", "BFloat16Storage"),
  /** Signed 64-bit integer. */
  INT64(8, "I64", "LongStorage"),
  /** Signed 32-bit integer. */
  INT32(4, "I32", "IntStorage"),
  /** Signed 16-bit integer. */
  INT16(2, "I16", "ShortStorage"),
  /** Signed 8-bit integer. */
  INT8(1, "I8", "CharStorage"),
  /** Unsigned 8-bit integer. */
  UINT8(1, "U8", "ByteStorage"),
  /** One byte: 0 is false, everything else true. */
  BOOL(1, "BOOL", "BoolStorage");

  private final int bytes;
  private final String safetensorsName;
  private final String storageClass;

  DType(int bytes, String safetensorsName, String storageClass) {
    this.bytes = bytes;
    this.safetensorsName = safetensorsName;
    this.storageClass = storageClass;
  }

  /** {@return the size of one element in bytes: 1, 2, 4 or 8} */
  public int bytes() {
    return bytes;
  }

  /** {@return the type's name in a safetensors header, for example {@code F32}} */
  public String safetensorsName() {
    return safetensorsName;
  }

  /**
   * {@return the name of PyTorch's storage class of this type, in its module {@code torch}, for
   * example {@code FloatStorage}}
   */
  public String storageClass() {
    return storageClass;
  }

  /** {@return whether the elements are floating-point numbers} */
  public boolean isFloating() {
    return switch (this) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> true;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> false;
    };
  }

  static Optional<DType> ofSafetensorsName(String name) {
    for (DType type : values()) {
      if (type.safetensorsName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  static Optional<DType> ofStorageClass(String name) {
    for (DType type : values()) {
      if (type.storageClass.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
