package io.github.yolox4j.cli;

import java.io.PrintStream;

/**
 * Where a command prints.
 *
 * @param out results, and nothing else
 * @param err progress and complaints
 */
record Console(PrintStream out, PrintStream err) {

  /** Whether the launcher found standard error to be a terminal. */
  private static final String TERMINAL = "yolox4j.terminal";

  boolean terminal() {
    return Boolean.getBoolean(TERMINAL);
  }
}
