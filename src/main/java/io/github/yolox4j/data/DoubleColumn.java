package io.github.yolox4j.data;

import java.util.Arrays;

/** A growing column of numbers. Not safe for use by several threads. */
public final class DoubleColumn {

  private double[] values = new double[16];
  private int size;

  /** Makes an empty column. */
  public DoubleColumn() {}

  /**
   * Appends.
   *
   * @param value the new last number
   */
  public void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, IntColumn.grown(size));
    }
    values[size++] = value;
  }

  /**
   * Returns how many numbers there are.
   *
   * @return at least 0
   */
  public int size() {
    return size;
  }

  /**
   * Returns a number.
   *
   * @param index from 0 to {@link #size} - 1
   * @return the number
   */
  public double get(int index) {
    return values[index];
  }

  /**
   * Returns the numbers themselves, and behind them room to grow.
   *
   * @return at least {@link #size} numbers, valid until the next {@link #add}
   */
  public double[] values() {
    return values;
  }

  /** The numbers at some indices, in their order. */
  double[] at(int[] indices) {
    double[] chosen = new double[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = values[indices[i]];
    }
    return chosen;
  }
}
