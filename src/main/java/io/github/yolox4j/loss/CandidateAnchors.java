package io.github.yolox4j.loss;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.AnchorGrid;
import java.util.BitSet;

/**
 * The anchor points that may be given to an object of a picture, by ascending index. They depend on
 * the objects alone, so that they are found without a look at the predictions.
 */
final class CandidateAnchors {

  private CandidateAnchors() {}

  /** The candidates of a picture. */
  static int[] of(SimOta settings, AnchorGrid cells, Labels labels, int picture) {
    BitSet found = new BitSet(cells.size());
    for (int object = labels.first(picture); object < labels.first(picture + 1); object++) {
      double x = labels.x(object);
      double y = labels.y(object);
      double halfWidth = labels.width(object) / 2;
      double halfHeight = labels.height(object) / 2;
      for (AnchorGrid.Level level : cells.levels()) {
        double radius = settings.radius() * level.prediction().stride();
        mark(found, level, x - radius, y - radius, x + radius, y + radius);
        if (settings.looksAtBoxes()) {
          mark(found, level, x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
        }
      }
    }
    return found.stream().toArray();
  }

  /** Marks the points whose centres lie strictly inside a rectangle. */
  private static void mark(
      BitSet found, AnchorGrid.Level level, double left, double top, double right, double bottom) {
    double stride = level.prediction().stride();
    int firstRow = (int) Math.clamp(Math.floor(top / stride - 0.5), 0, level.rows());
    int firstColumn = (int) Math.clamp(Math.floor(left / stride - 0.5), 0, level.columns());
    int column = firstColumn;
    while (column < level.columns() && level.x(column) <= left) {
      column++;
    }
    int end = column;
    while (end < level.columns() && level.x(end) < right) {
      end++;
    }
    for (int row = firstRow; row < level.rows() && level.y(row) < bottom; row++) {
      if (level.y(row) > top) {
        found.set(level.index(row, column), level.index(row, end));
      }
    }
  }
}
