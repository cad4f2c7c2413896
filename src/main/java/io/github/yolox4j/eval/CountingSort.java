package io.github.yolox4j.eval;

/** Stable sorting by small keys. */
final class CountingSort {

  private CountingSort() {}

  static int[] identity(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    return order;
  }

  /** The entries of an order by ascending key; entries of equal keys keep theirs. */
  static int[] by(int[] keys, int keyCount, int[] order) {
    int[] next = new int[keyCount + 1];
    for (int key : keys) {
      next[key + 1]++;
    }
    for (int key = 0; key < keyCount; key++) {
      next[key + 1] += next[key];
    }
    int[] sorted = new int[order.length];
    for (int entry : order) {
      sorted[next[keys[entry]]++] = entry;
    }
    return sorted;
  }
}
