package io.github.yolox4j.engine;

import io.github.yolox4j.model.ModelSpec;
import java.lang.foreign.MemorySegment;

/** Runs a model for inference. Safe for use from many threads at once. */
public interface Engine extends AutoCloseable {

  /**
   * Returns the model that runs.
   *
   * @return the specification
   */
  ModelSpec spec();

  /**
   * Runs the network.
   *
   * @param pixels native memory, [batch, height, width, channels] bytes, BGR
   * @param batch the number of pictures, at least 1
   * @param height the pictures' height, a multiple of 32
   * @param width the pictures' width, a multiple of 32
   * @return the predictions, which the calling thread closes
   * @throws IllegalStateException if this is closed
   */
  Predictions run(MemorySegment pixels, int batch, int height, int width);

  /** Frees the network; no run may be going on. */
  @Override
  void close();
}
