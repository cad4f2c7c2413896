package io.github.yolox4j.loss;

import io.github.yolox4j.data.Labels;
import java.util.BitSet;

/**
 * The anchor points that may be given to an object of a picture, by ascending index. They depend on
 * the objects alone, so that they are found without a look at the predictions.
 */
final class CandidateAnchors {

  private CandidateAnchors() {}

  /** The candidates of a picture. */
  static int[] of(SimOta settings, AnchorPoints points, Labels labels, int picture) {
    BitSet found = new BitSet(points.size());
    for (int object = labels.first(picture); object < labels.first(picture + 1); object++) {
      double x = labels.x(object);
      double y = labels.y(object);
      double halfWidth = labels.width(object) / 2;
      double halfHeight = labels.height(object) / 2;
      for (int level = 0; level < points.levels(); level++) {
        double radius = settings.radius() * points.stride(level);
        mark(found, points, level, x - radius, y - radius, x + radius, y + radius);
        if (settings.looksAtBoxes()) {
          mark(found, points, level, x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
        }
      }
    }
    return found.stream().toArray();
  }

  /** Marks the points whose centres lie strictly inside a rectangle. */
  private static void mark(
      BitSet found,
      AnchorPoints points,
      int level,
      double left,
      double top,
      double right,
      double bottom) {
    double stride = points.stride(level);
    int firstRow = (int) Math.clamp(Math.floor(top / stride - 0.5), 0, points.rows(level));
    int firstColumn = (int) Math.clamp(Math.floor(left / stride - 0.5), 0, points.columns(level));
    int column = firstColumn;
    while (column < points.columns(level) && points.x(level, column) <= left) {
      column++;
    }
    int end = column;
    while (end < points.columns(level) && points.x(level, end) < right) {
      end++;
    }
    for (int row = firstRow; row < points.rows(level) && points.y(level, row) < bottom; row++) {
      if (points.y(level, row) > top) {
        found.set(points.index(level, row, column), points.index(level, row, end));
      }
    }
  }
}
