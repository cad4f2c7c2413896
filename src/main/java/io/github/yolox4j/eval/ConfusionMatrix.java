package io.github.yolox4j.eval;

import java.util.Arrays;
import java.util.Objects;

/**
 * How often an object of one class was taken for another. Behind the classes comes the background:
 * as truth it stands for detections that found no object, as prediction for objects that no
 * detection found. Immutable, safe for any number of threads.
 */
public final class ConfusionMatrix {

  private final int classes;
  private final int[] counts;

  /** Takes the rows of a square matrix one after the other. */
  ConfusionMatrix(int classes, int[] counts) {
    this.classes = classes;
    this.counts = counts;
  }

  /** {@return the index of the background: the number of classes} */
  public int background() {
    return classes;
  }

  /**
   * Returns an entry.
   *
   * @param truth a category's index, or {@link #background}
   * @param prediction a category's index, or {@link #background}
   * @return how often the one was taken for the other; 0 for background as background
   */
  public int count(int truth, int prediction) {
    return counts[
        Objects.checkIndex(truth, classes + 1) * (classes + 1)
            + Objects.checkIndex(prediction, classes + 1)];
  }

  /**
   * Returns a row's sum.
   *
   * @param truth a category's index, or {@link #background}
   * @return how many objects of the class there are, or how many detections found no object
   */
  public int truths(int truth) {
    int from = Objects.checkIndex(truth, classes + 1) * (classes + 1);
    return Arrays.stream(counts, from, from + classes + 1).sum();
  }
}
