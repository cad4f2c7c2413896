package io.github.yolox4j.engine;

import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Prediction;

/**
 * Some cells, as a device has selected them.
 *
 * @param size how many there are
 * @param rows for each the picture's position in the batch, the cell's index in the grid, four box
 *     values, objectness, classes; by picture, then index
 */
record PredictedRows(AnchorGrid grid, int size, MapView rows) implements Predictions {

  /** How many numbers of a row stand before the predictions. */
  static final int POSITION = 2;

  @Override
  public void visit(int picture, float leastObjectness, Visitor visitor) {
    float[] row = new float[rows.channels()];
    float[] box = new float[Prediction.BOX];
    int before = POSITION + Prediction.BOX + 1;
    float[] classes = new float[row.length - before];
    int end = first(picture + 1);
    for (int i = first(picture); i < end; i++) {
      rows.read(i, row);
      float objectness = row[before - 1];
      if (objectness >= leastObjectness) {
        System.arraycopy(row, POSITION, box, 0, box.length);
        System.arraycopy(row, before, classes, 0, classes.length);
        AnchorGrid.Level level = grid.level((int) row[1]);
        visitor.visit(level, (int) row[1] - level.first(), objectness, box, classes);
      }
    }
  }

  /** The first row that belongs to a picture or to a later one. */
  private int first(int picture) {
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
