package io.github.yolox4j.cli;

import io.github.yolox4j.detect.Detection;
import java.util.List;

/** Somewhere results go. Used by one thread at a time. */
interface ResultSink extends AutoCloseable {

  /**
   * Takes the result of a picture.
   *
   * @param frame the picture, which may be drawn on, and is closed by the caller
   * @param detections what was found
   */
  void accept(Frame.Decoded frame, List<Detection> detections);

  /** Completes what was written. */
  void finish();

  /** Frees the sink; what was not finished is removed. */
  @Override
  void close();

  /** Closes all sinks, whichever of them fail, and throws the first failure with the others. */
  static void closeAll(List<ResultSink> sinks) {
    RuntimeException failure = null;
    for (ResultSink sink : sinks) {
      try {
        sink.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
