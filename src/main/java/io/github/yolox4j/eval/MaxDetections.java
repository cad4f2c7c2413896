package io.github.yolox4j.eval;

/** How many detections of an image and category count, the highest scores first. */
public enum MaxDetections {
  /** Only the first. */
  ONE(1),
  /** The first ten. */
  TEN(10),
  /** The first hundred, which is what every precision is measured with. */
  HUNDRED(100);

  private final int count;

  MaxDetections(int count) {
    this.count = count;
  }

  int count() {
    return count;
  }
}
