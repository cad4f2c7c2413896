package io.github.yolox4j.eval;

import java.util.Arrays;

/** A growing column of whole numbers. */
final class IntColumn {

  private int[] values = new int[16];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(size));
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /** By half, since columns of millions of entries must fit in the heap twice while they grow. */
  static int grown(int size) {
    return (int) Math.min(size + (size >> 1) + 1L, Integer.MAX_VALUE - 8L);
  }
}
