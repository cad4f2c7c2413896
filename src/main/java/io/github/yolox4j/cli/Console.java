package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.TextOutput;
import io.github.yolox4j.stream.Overwriting;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

  /** Writes an object's JSON. */
  @FunctionalInterface
  interface Document<T> {
    void write(T content, JsonGenerator json) throws IOException;
  }

  /**
   * Does a work and shows what came of it: as text, unless standard output gets the JSON, and as
   * JSON where a user wants some. A file that cannot be written fails before the work.
   *
   * @param json a file, {@link #STANDARD_OUTPUT} or null
   */
  <T> T show(
      String json,
      Overwriting overwriting,
      Supplier<T> work,
      Consumer<T> text,
      Document<T> document) {
    if (json == null) {
      T result = work.get();
      text.accept(result);
      return result;
    }
    try (TextOutput output = open(json, overwriting)) {
      T result = work.get();
      if (!json.equals(STANDARD_OUTPUT)) {
        text.accept(result);
      }
      output.json(generator -> document.write(result, generator));
      output.finish();
      return result;
    }
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
