package io.github.yolox4j.data;

import java.util.Arrays;

/** Stable sorting by small keys. */
public final class CountingSort {

  private CountingSort() {}

  /**
   * {@return by key where its entries begin once they are sorted, and behind the last key the
   * number of entries}
   *
   * @param keys by entry, each from 0 to keyCount - 1
   * @param keyCount the number of keys
   */
  public static int[] starts(int[] keys, int keyCount) {
    int[] starts = new int[keyCount + 1];
    for (int key : keys) {
      starts[key + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    return starts;
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
    int[] next = starts(keys, keyCount);
    int[] sorted = new int[order.length];
    for (int entry : order) {
      sorted[next[keys[entry]]++] = entry;
    }
    return sorted;
  }
}
