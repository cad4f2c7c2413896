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
   * Returns a range by its place among all.
   *
   * @param index from 0 to {@link #COUNT} - 1
   * @return the range
   */
  public static AreaRange at(int index) {
    return RANGES[index];
  }

  /**
   * Tells whether an area lies in this range.
   *
   * @param area in square pixels
   * @return true if it does, a bound included
   */
  public boolean contains(double area) {
    return area >= least && area <= most;
  }

  /**
   * Tells whether an object is one of those to be found in this range.
   *
   * @param truth the ground truth
   * @param object an annotation's index
   * @return true if its area lies in this range and it is not ignored
   */
  public boolean counts(GroundTruth truth, int object) {
    return !truth.ignored(object) && contains(truth.area(object));
  }
}
