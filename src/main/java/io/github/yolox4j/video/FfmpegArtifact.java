package io.github.yolox4j.video;

import io.github.yolox4j.YoloxException;
import org.bytedeco.javacpp.Loader;

/** The optional artifact that brings FFmpeg. */
final class FfmpegArtifact {

  /** The version that this project is built and tested with. */
  static final String VERSION = "8.0.1-1.5.13";

  private FfmpegArtifact() {}

  /**
   * Makes the error for a missing artifact.
   *
   * @param purpose what it is needed for: "To read film.mp4"
   */
  static YoloxException needed(String purpose, LinkageError absent) {
    return new YoloxException(
        "%s, add org.bytedeco:ffmpeg:%s and the same with the classifier %s to the class path."
            .formatted(purpose, VERSION, Loader.getPlatform()),
        absent);
  }
}
