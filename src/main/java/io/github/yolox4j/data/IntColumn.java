package io.github.yolox4j.data;

import java.util.Arrays;

/** A growing column of whole numbers. Not safe for use by several threads. */
public final class IntColumn {

  private int[] values = new int[16];
  private int size;

  /** Makes an empty column. */
  public IntColumn() {}

  /**
   * Appends.
   *
   * @param value the new last number
   */
  public void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1) + 1);
    }
    values[size++] = value;
  }

  int get(int index) {
    return values[index];
  }

  /** {@return the numbers, a copy} */
  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
