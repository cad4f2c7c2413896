package io.github.yolox4j.data;

/** Which objects a COCO number is about, by their area in square pixels, both bounds included. */
public enum AreaRange {
  /** Objects of every size. */
  ALL(0, 1e5 * 1e5),
  /** Up to 32 by 32 pixels. */
  SMALL(0, 32 * 32),
  /** From 32 by 32 to 96 by 96 pixels. */
  MEDIUM(32 * 32, 96 * 96),
  /** From 96 by 96 pixels. */
  LARGE(96 * 96, 1e5 * 1e5);

  private static final AreaRange[] RANGES = values();

  /** How many there are. */
  public static final int COUNT = RANGES.length;

  private final double least;
  private final double most;

  AreaRange(double least, double most) {
    this.least = least;
    this.most = most;
  }

  /**
   * {@return a range by its place among all}
   *
   * @param index from 0 to {@link #COUNT} - 1
   */
  public static AreaRange at(int index) {
    return RANGES[index];
  }

  /**
   * {@return whether an area lies in this range, a bound included}
   *
   * @param area in square pixels
   */
  public boolean contains(double area) {
    return area >= least && area <= most;
  }

  /**
   * {@return whether an object is one of those to be found in this range: its area lies in it and
   * it is not ignored}
   *
   * @param truth the ground truth
   * @param object an annotation's index
   */
  public boolean counts(GroundTruth truth, int object) {
    return !truth.ignored(object) && contains(truth.area(object));
  }
}
