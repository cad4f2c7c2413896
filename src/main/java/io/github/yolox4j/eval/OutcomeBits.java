package io.github.yolox4j.eval;

/**
 * What became of a detection at the IoU thresholds, packed into one number: bit t tells that it is
 * right at threshold t, bit t + 16 that it is wrong, neither that it is left out of account.
 */
final class OutcomeBits {

  static final int IGNORED = 0;
  static final int RIGHT = 1;
  static final int WRONG = 1 << 16;

  private static final int EVERY_THRESHOLD = (1 << Thresholds.IOU_COUNT) - 1;

  private OutcomeBits() {}

  /** An outcome at one threshold. */
  static int at(int outcome, int threshold) {
    return outcome << threshold;
  }

  /** An outcome at a threshold and all behind it. */
  static int from(int outcome, int threshold) {
    return outcome * (EVERY_THRESHOLD & -(1 << threshold));
  }

  static boolean has(int outcomes, int outcome, int threshold) {
    return (outcomes >>> threshold & outcome) != 0;
  }
}
