package io.github.yolox4j.stream;

import io.github.yolox4j.files.TextOutput;
import java.nio.file.Path;

/** The places for results. Files appear whole or not at all; folders are made. */
public final class Sinks {

  private Sinks() {}

  /**
   * Draws the objects into pictures and videos, which are laid out like the sources. A picture
   * keeps its format where it can be written, else it becomes PNG; videos become MP4, or AVI where
   * FFmpeg is absent.
   *
   * @param folder where they go
   * @return opens the sink
   */
  public static SinkFactory drawn(Path folder) {
    return (sources, overwriting) ->
        new PaintedSink(new OutputFolder(folder, sources, overwriting), sources);
  }

  /**
   * Writes an array with an object per picture: image, frame (of a video), width, height,
   * detections with class, class_id, score, box; boxes in pixels of the picture.
   *
   * @param file the file
   * @return opens the sink
   */
  public static SinkFactory json(Path file) {
    return (_, overwriting) -> json(TextOutput.file(overwriting.allowed(file)));
  }

  /**
   * Writes JSON, as {@link #json(Path)}, to an output.
   *
   * @param output where to, which the sink now owns
   * @return the sink, owned by the caller
   */
  public static ResultSink json(TextOutput output) {
    return new JsonSink(output);
  }

  /**
   * Writes a line per object, fields quoted as RFC 4180 asks.
   *
   * @param file the file
   * @return opens the sink
   */
  public static SinkFactory csv(Path file) {
    return (_, overwriting) -> csv(TextOutput.file(overwriting.allowed(file)));
  }

  /**
   * Writes CSV, as {@link #csv(Path)}, to an output.
   *
   * @param output where to, which the sink now owns
   * @return the sink, owned by the caller
   */
  public static ResultSink csv(TextOutput output) {
    return new CsvSink(output);
  }

  /**
   * Writes a text file per picture in YOLO's format: class, centre x, centre y, width, height as
   * shares of the picture, then the score.
   *
   * @param folder where they go, laid out like the sources
   * @return opens the sink
   */
  public static SinkFactory yoloText(Path folder) {
    return (sources, overwriting) ->
        new YoloTextSink(new OutputFolder(folder, sources, overwriting), sources);
  }
}
