package io.github.yolox4j.ffi.dnnl;

/** What a tensor's elements are. */
public enum ElementType {
  /** 32-bit floats. */
  FLOAT(3, 4),
  /** bfloat16. */
  BFLOAT16(2, 2),
  /** Unsigned bytes. */
  BYTE(6, 1);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  /** {@return the size of an element in bytes} */
  public int bytes() {
    return bytes;
  }
}
