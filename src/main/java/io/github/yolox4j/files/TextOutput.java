package io.github.yolox4j.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.YoloxException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A text in UTF-8 that is written part by part: to a stream, or to a file that appears only when it
 * is finished. For one thread at a time.
 */
public final class TextOutput implements AutoCloseable {

  private final String name;
  private final Optional<UnfinishedFile> file;
  private final Writer writer;
  private JsonGenerator json; // null until there is some

  private TextOutput(String name, Optional<UnfinishedFile> file, Writer writer) {
    this.name = name;
    this.file = file;
    this.writer = writer;
  }

  /**
   * Begins a file.
   *
   * @param target the file to make or replace; its folder must exist
   * @return the output, for the caller to finish and close
   * @throws YoloxException if it cannot be written
   */
  public static TextOutput file(Path target) {
    UnfinishedFile file = new UnfinishedFile(target);
    Writer writer = Channels.newWriter(file.channel(), StandardCharsets.UTF_8);
    return new TextOutput(target.toString(), Optional.of(file), new BufferedWriter(writer));
  }

  /**
   * Begins to write to a stream, which stays open.
   *
   * @param stream where the text goes
   * @param name what to call it in messages
   * @return the output, for the caller to finish
   */
  public static TextOutput stream(OutputStream stream, String name) {
    return new TextOutput(
        name, Optional.empty(), new OutputStreamWriter(stream, StandardCharsets.UTF_8));
  }

  /**
   * Appends text.
   *
   * @param text the text
   * @throws YoloxException if it cannot be written
   */
  public void write(String text) {
    try {
      writer.write(text);
    } catch (IOException e) {
      throw FileFailure.cannotWrite(name, e);
    }
  }

  /**
   * Appends a part of a JSON document, which is indented.
   *
   * @param part writes to the document's generator
   * @throws YoloxException if it cannot be written
   */
  public void json(AtomicFile.Content<JsonGenerator> part) {
    try {
      if (json == null) {
        json = new JsonFactory().createGenerator(writer).useDefaultPrettyPrinter();
      }
      part.writeTo(json);
    } catch (IOException e) {
      throw FileFailure.cannotWrite(name, e);
    }
  }

  /**
   * Completes the text: the file gets its name, the stream all that was written.
   *
   * @throws YoloxException if it cannot be written
   */
  public void finish() {
    try {
      if (json != null) {
        json.writeRaw(System.lineSeparator());
        json.flush();
      }
      writer.flush();
      file.ifPresent(UnfinishedFile::commit);
    } catch (IOException e) {
      throw FileFailure.cannotWrite(name, e);
    }
  }

  /** Frees the file, which is gone unless it was finished. */
  @Override
  public void close() {
    if (file.isPresent()) {
      try {
        writer.close();
      } catch (IOException e) {
        throw FileFailure.cannotWrite(name, e);
      } finally {
        file.get().close();
      }
    }
  }
}
