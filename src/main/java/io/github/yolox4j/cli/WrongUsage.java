package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import java.util.function.Supplier;

/** A command that was not understood, as against one that failed: the process exits with 2. */
final class WrongUsage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WrongUsage(String message) {
    super(message);
  }

  /** Makes what arguments say; those that are refused are wrong usage. */
  static <T> T unlessValid(Supplier<T> arguments) {
    try {
      return arguments.get();
    } catch (YoloxException e) {
      throw new WrongUsage(e.getMessage());
    }
  }
}
