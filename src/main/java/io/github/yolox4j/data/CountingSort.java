package io.github.yolox4j.data;

/** Stable sorting by small keys. */
public final class CountingSort {

  private CountingSort() {}

  /**
   * Returns the order that changes nothing.
   *
   * @param size the number of entries
   * @return 0, 1, ... size - 1
   */
  public static int[] identity(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    return order;
  }

  /**
   * Sorts the entries of an order by ascending key; entries of equal keys keep theirs.
   *
   * @param keys by entry, each from 0 to keyCount - 1
   * @param keyCount the number of keys
   * @param order entries
   * @return the same entries, sorted
   */
  public static int[] by(int[] keys, int keyCount, int[] order) {
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
