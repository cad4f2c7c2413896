package io.github.yolox4j.engine;

import java.util.List;

/** What a network predicts for a batch of pictures, valid until the pass that made it is closed. */
public sealed interface Predictions {

  /**
   * Everything.
   *
   * @param levels the maps of strides 8, 16 and 32
   */
  record Maps(List<LevelMap> levels) implements Predictions {}

  /**
   * The anchor points whose score may reach a threshold: a device brings back these alone.
   *
   * @param grids the anchor points of strides 8, 16 and 32
   * @param size how many there are
   * @param rows for each the picture's position in the batch, the anchor point counted through the
   *     strides of its picture, and the predictions in the order of {@link LevelMap}: four box
   *     values, objectness, classes. By picture, then anchor point
   */
  record Points(List<LevelGrid> grids, int size, FeatureMap rows) implements Predictions {

    /** How many numbers of a row stand before the predictions. */
    public static final int POSITION = 2;

    /**
     * Finds a picture's rows, which follow each other.
     *
     * @param picture its position in the batch
     * @return the first row that belongs to it or to a later one; {@link #size} if there is none
     */
    public int first(int picture) {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (rows.first(middle) < picture) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
