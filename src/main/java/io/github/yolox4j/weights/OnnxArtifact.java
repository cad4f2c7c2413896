package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;

/** The optional artifact that brings ONNX's protobuf classes. */
final class OnnxArtifact {

  /** The version that this project is built and tested with. */
  static final String VERSION = "4.3.2";

  private OnnxArtifact() {}

  /** Makes the error for a missing artifact. */
  static YoloxException needed(MappedFile file, LinkageError absent) {
    return file.broken(
        "to read ONNX files, add org.tribuo:tribuo-util-onnx:%s to the class path"
            .formatted(VERSION),
        absent);
  }
}
