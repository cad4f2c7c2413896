package io.github.yolox4j.embed;

import io.github.yolox4j.YoloxException;

/** How a call from C ended: {@code yolox_status}. */
enum Status {
  OK(0),
  INVALID_ARGUMENT(1),
  INVALID_DETECTOR(2),
  FAILED(3),
  OUT_OF_MEMORY(5);

  private final int code;

  Status(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Status of(Throwable thrown) {
    return switch (thrown) {
      case IllegalArgumentException _ -> INVALID_ARGUMENT;
      case NoSuchDetectorException _ -> INVALID_DETECTOR;
      case OutOfMemoryError _ -> OUT_OF_MEMORY;
      default -> FAILED;
    };
  }

  /**
   * What to tell the caller: a sentence where there is one, else also the kind of the exception.
   */
  static String sentence(Throwable thrown) {
    return switch (thrown) {
      case YoloxException e -> e.getMessage();
      case IllegalArgumentException e -> e.getMessage();
      case NoSuchDetectorException e -> e.getMessage();
      default -> thrown.toString();
    };
  }
}
