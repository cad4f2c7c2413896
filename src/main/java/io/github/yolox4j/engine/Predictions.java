package io.github.yolox4j.engine;

import java.util.List;

/**
 * A network's output for a batch of pictures. Closing frees the maps; it must be closed by the
 * thread that ran the engine.
 */
public interface Predictions extends AutoCloseable {

  /**
   * Returns the maps of strides 8, 16 and 32.
   *
   * @return the maps, valid until this is closed
   */
  List<LevelMap> levels();

  @Override
  void close();
}
