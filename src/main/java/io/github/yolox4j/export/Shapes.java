package io.github.yolox4j.export;

/** Which of an ONNX model's input dimensions are left open. A TorchScript model's always are. */
public enum Shapes {
  /** One picture of the model's size. */
  FIXED,
  /** Any number of pictures of the model's size. */
  ANY_BATCH,
  /** Any number of pictures of any size whose sides are multiples of 32. */
  ANY;

  boolean anyBatch() {
    return this != FIXED;
  }

  boolean anySize() {
    return this == ANY;
  }
}
