package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import java.io.FilterOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Where a command prints.
 *
 * @param out results, and nothing else
 * @param err progress and complaints
 */
record Console(PrintStream out, PrintStream err) {

  /** Set by the launcher where standard output and standard error are both terminals. */
  private static final String TERMINAL = "yolox4j.terminal";

  boolean terminal() {
    return Boolean.getBoolean(TERMINAL);
  }

  /** Throws when something of the results was lost, of which a print stream keeps quiet. */
  void requireWritten() {
    if (out.checkError()) {
      throw new YoloxException("Standard output cannot be written: it is closed or full");
    }
  }

  /** Standard output for writers that must know when it takes no more. */
  OutputStream results() {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) {
        Console.this.out.write(bytes, offset, length);
        requireWritten();
      }
    };
  }
}
