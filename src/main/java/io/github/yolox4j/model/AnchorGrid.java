package io.github.yolox4j.model;

import io.github.yolox4j.YoloxException;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a network's flattened output for one input size: those of each {@link Prediction} in
 * their order, cell by cell, row by row. Immutable.
 */
public final class AnchorGrid {

  private final List<Level> levels;
  private final int size;

  /**
   * The cells of one prediction.
   *
   * @param prediction what is predicted for each
   * @param first the index of the first cell among all
   * @param rows how many rows of cells
   * @param columns how many cells in a row
   */
  public record Level(Prediction prediction, int first, int rows, int columns) {

    /** {@return the number of cells, rows * columns} */
    public int size() {
      return rows * columns;
    }

    /**
     * Finds a cell among all.
     *
     * @param row counted from 0
     * @param column counted from 0
     * @return its index
     */
    public int index(int row, int column) {
      return first + row * columns + column;
    }

    /**
     * {@return the row of a cell, counted from 0}
     *
     * @param index the cell's index among all
     */
    public int row(int index) {
      return (index - first) / columns;
    }

    /**
     * {@return the column of a cell, counted from 0}
     *
     * @param index the cell's index among all
     */
    public int column(int index) {
      return (index - first) % columns;
    }

    /**
     * {@return the centre of a column's cells: x in input pixels}
     *
     * @param column counted from 0
     */
    public double x(int column) {
      return (column + 0.5) * prediction.stride();
    }

    /**
     * {@return the centre of a row's cells: y in input pixels}
     *
     * @param row counted from 0
     */
    public double y(int row) {
      return (row + 0.5) * prediction.stride();
    }

    /**
     * Turns a box as the network predicts it into pixels of the network's input.
     *
     * @param cell the cell within this, row by row
     * @param box the four predicted numbers; become centre x and y, width and height
     */
    public void decode(int cell, float[] box) {
      BoxCoding coding = prediction.coding();
      int row = cell / columns;
      int column = cell - row * columns;
      float stride = prediction.stride();
      Prediction.Size prior = prediction.prior();
      box[0] = coding.centre(Arithmetic.FLOATS, box[0], (float) column, stride);
      box[1] = coding.centre(Arithmetic.FLOATS, box[1], (float) row, stride);
      box[2] = coding.size(Arithmetic.FLOATS, box[2], (float) prior.width());
      box[3] = coding.size(Arithmetic.FLOATS, box[3], (float) prior.height());
    }
  }

  private AnchorGrid(List<Level> levels, int size) {
    this.levels = levels;
    this.size = size;
  }

  /**
   * Lays out the cells of an input size.
   *
   * @param predictions a network's
   * @param height the input's height, a multiple of 32
   * @param width the input's width, a multiple of 32
   * @return the grid
   * @throws YoloxException if a side is no multiple of 32
   */
  public static AnchorGrid of(List<Prediction> predictions, int height, int width) {
    if (height < 1
        || width < 1
        || height % ModelSpec.MAX_STRIDE != 0
        || width % ModelSpec.MAX_STRIDE != 0) {
      throw new YoloxException(
          "The input is %dx%d; expected multiples of %d"
              .formatted(width, height, ModelSpec.MAX_STRIDE));
    }
    List<Level> levels = new ArrayList<>();
    int first = 0;
    for (Prediction prediction : predictions) {
      int stride = prediction.stride();
      Level level = new Level(prediction, first, height / stride, width / stride);
      levels.add(level);
      first += level.size();
    }
    return new AnchorGrid(List.copyOf(levels), first);
  }

  /** {@return the number of all cells, which are the rows of the flattened output} */
  public int size() {
    return size;
  }

  /** {@return the cells by prediction, in the order of the output} */
  public List<Level> levels() {
    return levels;
  }

  /**
   * Finds the prediction that a cell belongs to.
   *
   * @param index the cell's index among all
   * @return its level
   * @throws IllegalArgumentException if there is no such cell
   */
  public Level level(int index) {
    for (Level level : levels) {
      if (index >= level.first && index < level.first + level.size()) {
        return level;
      }
    }
    throw new IllegalArgumentException("there is no cell " + index + " of " + size);
  }
}
