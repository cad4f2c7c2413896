package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.TextOutput;
import io.github.yolox4j.stream.Overwriting;
import java.io.FilterOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a command prints.
 *
 * @param out results, and nothing else
 * @param err progress and complaints
 */
record Console(PrintStream out, PrintStream err) {

  /** What stands for standard output where a file may be named. */
  static final String STANDARD_OUTPUT = "-";

  /** Set by the launcher where standard output and standard error are both terminals. */
  private static final String TERMINAL = "yolox4j.terminal";

  boolean terminal() {
    return Boolean.getBoolean(TERMINAL);
  }

  /** Prints a line of results. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  /** Prints a line about the work. */
  @SuppressWarnings("AnnotateFormatMethod")
  void tell(String format, Object... values) {
    err.println(String.format(Locale.ROOT, format, values));
  }

  /** Prints what the program itself has to say, such as why it fails. */
  void complain(String sentence) {
    err.println("yolox: " + sentence);
  }

  /** Throws when something of the results was lost, of which a print stream keeps quiet. */
  void requireWritten() {
    if (out.checkError()) {
      throw new YoloxException("Standard output cannot be written: it is closed or full");
    }
  }

  /** Opens a file that a user named, or standard output. */
  TextOutput open(String target, Overwriting overwriting) {
    return target.equals(STANDARD_OUTPUT)
        ? TextOutput.stream(results(), "Standard output")
        : TextOutput.file(overwriting.allowed(Path.of(target)));
  }

  /** Standard output for writers that must know when it takes no more. */
  private OutputStream results() {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) {
        Console.this.out.write(bytes, offset, length);
        requireWritten();
      }
    };
  }
}
