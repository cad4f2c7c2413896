package io.github.yolox4j.ffi.torch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The type of a tensor's elements. */
public enum DType implements Value {
  /** 8 bits without a sign. */
  UINT8(0, 1),
  /** 8 bits. */
  INT8(1, 1),
  /** 16 bits. */
  INT16(2, 2),
  /** 32 bits. */
  INT32(3, 4),
  /** 64 bits. */
  INT64(4, 8),
  /** IEEE 754 half precision. */
  FLOAT16(5, 2),
  /** A float. */
  FLOAT32(6, 4),
  /** A double. */
  FLOAT64(7, 8),
  /** A byte of 0 or 1. */
  BOOL(11, 1),
  /** The upper half of a float. */
  BFLOAT16(15, 2);

  private final int code;
  private final int bytes;

  DType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** {@return the size of an element in bytes} */
  public int bytes() {
    return bytes;
  }

  /** The number that stands for it in libtorch. */
  int code() {
    return code;
  }

  static Optional<DType> known(int code) {
    return Arrays.stream(values()).filter(each -> each.code == code).findAny();
  }

  static DType ofCode(int code) {
    return Codes.find(code, values(), each -> each.code, "element type");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
