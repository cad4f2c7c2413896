package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.UnfinishedFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A text that a command writes: standard output for {@code -}, else a file that appears only when
 * it is finished.
 */
final class TextOutput implements AutoCloseable {

  static final String STANDARD_OUTPUT = "-";

  private final Optional<UnfinishedFile> file;
  private final Writer writer;

  private TextOutput(Optional<UnfinishedFile> file, Writer writer) {
    this.file = file;
    this.writer = writer;
  }

  static TextOutput open(
      String target, Console console, Overwriting overwriting, InputFiles inputs) {
    if (target.equals(STANDARD_OUTPUT)) {
      return new TextOutput(
          Optional.empty(), new OutputStreamWriter(console.results(), StandardCharsets.UTF_8));
    }
    UnfinishedFile file = new UnfinishedFile(overwriting.allowed(Path.of(target), inputs));
    try {
      return new TextOutput(Optional.of(file), Files.newBufferedWriter(file.temporary()));
    } catch (IOException e) {
      file.close();
      throw new YoloxException(
          "%s cannot be written: %s".formatted(target, FileFailure.reason(e)), e);
    }
  }

  /** Where to write; a failure of the writer is reported by {@link #failed}. */
  Writer writer() {
    return writer;
  }

  YoloxException failed(IOException e) {
    return new YoloxException(
        "%s cannot be written: %s"
            .formatted(
                file.map(f -> f.target().toString()).orElse("Standard output"),
                FileFailure.reason(e)),
        e);
  }

  /** What a command tells as JSON. */
  interface JsonBody {
    void write(JsonGenerator generator) throws IOException;
  }

  /** Writes indented JSON and the end of the line. */
  void json(JsonBody body) {
    try {
      JsonGenerator generator = new JsonFactory().createGenerator(writer);
      generator.useDefaultPrettyPrinter();
      body.write(generator);
      generator.writeRaw(System.lineSeparator());
      generator.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Puts the text in its place. */
  void finish() {
    try {
      writer.flush();
      if (file.isPresent()) {
        writer.close();
        file.get().commit();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    if (file.isPresent()) {
      try {
        writer.close();
      } catch (IOException e) {
        throw failed(e);
      } finally {
        file.get().close();
      }
    }
  }
}
