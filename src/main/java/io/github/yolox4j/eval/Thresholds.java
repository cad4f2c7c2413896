package io.github.yolox4j.eval;

/**
 * The thresholds of the COCO metric, to the last bit those of pycocotools: evenly spaced as NumPy
 * spaces them, which differs from decimal literals in the last place.
 */
public final class Thresholds {

  /** How many IoU thresholds there are: 0.5, 0.55, ... 0.95. */
  public static final int IOU_COUNT = 10;

  /** How many recall thresholds there are: 0, 0.01, ... 1. */
  public static final int RECALL_COUNT = 101;

  private static final double[] IOU = spaced(0.5, 0.95, IOU_COUNT);
  private static final double[] RECALL = spaced(0, 1, RECALL_COUNT);

  private Thresholds() {}

  /**
   * {@return an IoU threshold: the least IoU at which a detection matches}
   *
   * @param index 0 to {@link #IOU_COUNT} - 1
   */
  public static double iou(int index) {
    return IOU[index];
  }

  /**
   * {@return a recall threshold: the recall at which a curve's precision is taken}
   *
   * @param index 0 to {@link #RECALL_COUNT} - 1
   */
  public static double recall(int index) {
    return RECALL[index];
  }

  private static double[] spaced(double first, double last, int count) {
    double step = (last - first) / (count - 1);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = first + i * step;
    }
    values[count - 1] = last;
    return values;
  }
}
