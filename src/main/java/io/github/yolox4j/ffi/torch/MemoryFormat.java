package io.github.yolox4j.ffi.torch;

/** The order of a tensor's dimensions in memory. */
public enum MemoryFormat implements Value {
  /** The last dimension is dense. */
  CONTIGUOUS(0),
  /** As in the tensor that is read. */
  PRESERVE(1),
  /** [batch, height, width, channels]. */
  CHANNELS_LAST(2),
  /** [batch, depth, height, width, channels]. */
  CHANNELS_LAST_3D(3);

  private final int code;

  MemoryFormat(int code) {
    this.code = code;
  }

  /** The number that stands for it in libtorch. */
  int code() {
    return code;
  }

  static MemoryFormat ofCode(int code) {
    return Codes.find(code, values(), each -> each.code, "memory format");
  }
}
