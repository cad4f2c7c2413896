package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;

/** The sentence that ends a failed run. */
final class Failure {

  private Failure() {}

  /** Says what happened; what only the program can be blamed for says so. */
  static String sentence(Throwable thrown) {
    return switch (thrown) {
      case WrongUsage wrong -> wrong.getMessage();
      case YoloxException expected -> expected.getMessage();
      case OutOfMemoryError full ->
          "Not enough memory: %s; a smaller --batch or --size may fit".formatted(full.getMessage());
      case LinkageError broken -> broken(broken);
      default -> "%s (unexpected; --verbose shows where)".formatted(thrown);
    };
  }

  /** A class that could not start tells why in one of its causes. */
  private static String broken(LinkageError error) {
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof YoloxException) {
        return cause.getMessage();
      }
    }
    return "Part of the program is missing or does not fit this machine: %s".formatted(error);
  }
}
