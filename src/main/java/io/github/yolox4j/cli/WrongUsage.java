package io.github.yolox4j.cli;

/** A command that was not understood, as against one that failed: the process exits with 2. */
final class WrongUsage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WrongUsage(String message) {
    super(message);
  }
}
