package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import java.util.List;

/** Where results go. Used by one thread at a time, which may be another for each call. */
@FunctionalInterface
public interface ResultSink extends AutoCloseable {

  /**
   * Takes the result of a picture, in the order of the sources and their frames.
   *
   * @param frame the picture, which may be drawn on; closed by the caller afterwards
   * @param detections what was found, highest score first
   * @throws YoloxException if it cannot be written, which ends the work
   */
  void accept(Frame frame, List<Detection> detections);

  /**
   * Completes what was written.
   *
   * @throws YoloxException if that fails
   */
  default void finish() {}

  /** Frees the sink; what was not finished is removed. */
  @Override
  default void close() {}
}
