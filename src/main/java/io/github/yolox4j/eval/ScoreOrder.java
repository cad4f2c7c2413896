package io.github.yolox4j.eval;

import java.util.Arrays;

/** Stable sorting by descending score, without an object per entry: a merge sort of indices. */
final class ScoreOrder {

  private static final int INSERTION = 16;

  private ScoreOrder() {}

  /** Sorts {@code entries[from, to)}, each an index of a score. */
  static void sort(int[] entries, int from, int to, double[] scores) {
    if (to - from <= INSERTION) {
      insert(entries, from, to, scores);
    } else {
      int[] sorted = Arrays.copyOfRange(entries, from, to);
      split(sorted.clone(), sorted, 0, sorted.length, scores);
      System.arraycopy(sorted, 0, entries, from, sorted.length);
    }
  }

  /** Sorts into {@code to}; both arrays hold the same entries in the range at the start. */
  private static void split(int[] from, int[] to, int begin, int end, double[] scores) {
    if (end - begin <= INSERTION) {
      insert(to, begin, end, scores);
      return;
    }
    int middle = (begin + end) >>> 1;
    split(to, from, begin, middle, scores);
    split(to, from, middle, end, scores);
    int left = begin;
    int right = middle;
    for (int i = begin; i < end; i++) {
      boolean takeLeft =
          right == end || (left < middle && scores[from[left]] >= scores[from[right]]);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  private static void insert(int[] entries, int from, int to, double[] scores) {
    for (int i = from + 1; i < to; i++) {
      int entry = entries[i];
      double score = scores[entry];
      int at = i;
      while (at > from && scores[entries[at - 1]] < score) {
        entries[at] = entries[at - 1];
        at--;
      }
      entries[at] = entry;
    }
  }
}
