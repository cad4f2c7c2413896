package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.MemorySegment;

/** One run of an engine, from pixels to predictions. Belongs to the thread that made it. */
public interface InferenceRequest extends AutoCloseable {

  /**
   * {@return where the pictures go before {@link #run}: native memory, [batch, height, width,
   * channels] bytes, BGR; valid until this is closed}
   */
  MemorySegment pixels();

  /**
   * Runs the network.
   *
   * @param leastScore the least product of objectness and class that is wanted, 0 to 1
   * @return predictions with at least the cells that reach it, valid until this is closed
   * @throws YoloxException if the network fails
   */
  Predictions run(float leastScore);

  @Override
  void close();
}
