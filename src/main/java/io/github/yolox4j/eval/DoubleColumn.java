package io.github.yolox4j.eval;

import java.util.Arrays;

/** A growing column of numbers. */
final class DoubleColumn {

  private double[] values = new double[16];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, IntColumn.grown(size));
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  double get(int index) {
    return values[index];
  }

  /** The numbers themselves, and behind them room to grow. */
  double[] values() {
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
