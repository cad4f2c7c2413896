package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import java.util.function.ToIntFunction;

/** The numbers by which libtorch's C ABI knows the values of its enumerations. */
final class Codes {

  private Codes() {}

  /**
   * Finds a value by its number.
   *
   * @throws YoloxException if none has it
   */
  static <T> T find(int code, T[] values, ToIntFunction<T> codeOf, String what) {
    for (T each : values) {
      if (codeOf.applyAsInt(each) == code) {
        return each;
      }
    }
    throw new YoloxException("libtorch's %s number %d is not known here".formatted(what, code));
  }
}
