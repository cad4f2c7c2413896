package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;

/** The optional artifact that brings ONNX's protobuf classes. */
public final class OnnxArtifact {

  /** The version that this project is built and tested with. */
  static final String VERSION = "4.3.2";

  private OnnxArtifact() {}

  /**
   * {@return the error for a missing artifact, whose sentence names what to add}
   *
   * @param purpose the beginning of the sentence, such as "To read model.onnx"
   * @param absent what the class loader said
   */
  public static YoloxException needed(String purpose, LinkageError absent) {
    return new YoloxException(
        "%s, add org.tribuo:tribuo-util-onnx:%s to the class path".formatted(purpose, VERSION),
        absent);
  }
}
