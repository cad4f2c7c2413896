package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.Network;
import java.util.Arrays;

/**
 * The anchor points of an input size, ordered by stride (8, 16, 32), then row, then column.
 * Immutable.
 */
final class AnchorPoints {

  private final int height;
  private final int width;
  private final int[] firstOfLevel;

  /**
   * Lays the points out.
   *
   * @param height the input's height, a multiple of 32
   * @param width the input's width, a multiple of 32
   */
  AnchorPoints(int height, int width) {
    int largest = Network.STRIDES.getLast();
    if (height < 1 || width < 1 || height % largest != 0 || width % largest != 0) {
      throw new YoloxException(
          "The input is %dx%d; expected multiples of %d".formatted(width, height, largest));
    }
    this.height = height;
    this.width = width;
    firstOfLevel = new int[Network.STRIDES.size() + 1];
    for (int level = 0; level < Network.STRIDES.size(); level++) {
      firstOfLevel[level + 1] = firstOfLevel[level] + rows(level) * columns(level);
    }
  }

  /** How many there are. */
  int size() {
    return firstOfLevel[firstOfLevel.length - 1];
  }

  int levels() {
    return Network.STRIDES.size();
  }

  int stride(int level) {
    return Network.STRIDES.get(level);
  }

  int rows(int level) {
    return height / stride(level);
  }

  int columns(int level) {
    return width / stride(level);
  }

  /** The index of a level's point. */
  int index(int level, int row, int column) {
    return firstOfLevel[level] + row * columns(level) + column;
  }

  /** Which level a point belongs to. */
  int level(int point) {
    int found = Arrays.binarySearch(firstOfLevel, point);
    return found >= 0 ? found : -found - 2;
  }

  int row(int point) {
    int level = level(point);
    return (point - firstOfLevel[level]) / columns(level);
  }

  int column(int point) {
    int level = level(point);
    return (point - firstOfLevel[level]) % columns(level);
  }

  /** The centre of a column's cells in input pixels. */
  double x(int level, int column) {
    return (column + 0.5) * stride(level);
  }

  /** The centre of a row's cells in input pixels. */
  double y(int level, int row) {
    return (row + 0.5) * stride(level);
  }
}
