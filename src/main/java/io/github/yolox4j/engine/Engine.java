package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.ModelSpec;

/** Runs a model for inference. Safe for use from many threads at once. */
public interface Engine extends AutoCloseable {

  /** {@return the model that runs} */
  ModelSpec spec();

  /**
   * Tells which engine it is.
   *
   * @return its kind, never {@link EngineKind#AUTO}
   */
  EngineKind kind();

  /**
   * Says what runs, for people.
   *
   * @return for example {@code onednn 3.11.0, fp32, 2 threads}
   */
  String description();

  /**
   * Takes memory for a run of the network.
   *
   * @param batch the number of pictures, at least 1
   * @param height the pictures' height, a multiple of 32
   * @param width the pictures' width, a multiple of 32
   * @return the request, which the calling thread closes
   * @throws IllegalStateException if this is closed
   * @throws YoloxException if a run of this shape is not possible
   */
  InferenceRequest request(int batch, int height, int width);

  /**
   * Waits until the requests that are open are closed, and frees the network. Closing again does
   * nothing.
   *
   * @throws IllegalStateException if a request of the calling thread is open
   */
  @Override
  void close();
}
