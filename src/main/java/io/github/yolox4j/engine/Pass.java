package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One run of an engine, from pixels to predictions. Belongs to the thread that began it. */
public interface Pass extends AutoCloseable {

  /**
   * Returns where the pictures go before {@link #run}.
   *
   * @return native memory, [batch, height, width, channels] bytes, BGR; valid until this is closed
   */
  MemorySegment pixels();

  /**
   * Runs the network.
   *
   * @return the maps of strides 8, 16 and 32, valid until this is closed
   * @throws YoloxException if the network fails
   */
  List<LevelMap> run();

  /**
   * Runs the network for detection.
   *
   * @param leastScore the least product of objectness and class that is wanted, 0 to 1
   * @return predictions with at least the anchor points that reach it, valid until this is closed
   * @throws YoloxException if the network fails
   */
  default Predictions run(float leastScore) {
    return new Predictions.Maps(run());
  }

  @Override
  void close();
}
