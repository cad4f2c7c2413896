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
      values = Arrays.copyOf(values, grown(size));
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
  public int get(int index) {
    return values[index];
  }

  /**
   * Copies the column.
   *
   * @return its numbers
   */
  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /** By half, since columns of millions of entries must fit in the heap twice while they grow. */
  static int grown(int size) {
    return (int) Math.min(size + (size >> 1) + 1L, Integer.MAX_VALUE - 8L);
  }
}
