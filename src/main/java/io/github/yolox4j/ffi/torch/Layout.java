package io.github.yolox4j.ffi.torch;

/** How a tensor's elements lie in memory. */
public enum Layout implements Value {
  /** Each element has a place of its own. */
  STRIDED(0),
  /** As oneDNN wants them; unreadable for others. */
  MKLDNN(3);

  private final int code;

  Layout(int code) {
    this.code = code;
  }

  /** The number that stands for it in libtorch. */
  int code() {
    return code;
  }

  static Layout ofCode(int code) {
    return Codes.find(code, values(), each -> each.code, "layout");
  }
}
