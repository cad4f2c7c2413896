package io.github.yolox4j.engine;

/** What becomes of a picture's bytes before the network reads them. */
public enum InputScaling {
  /** BGR, 0 to 255, as it is. */
  NONE,
  /**
   * For weights older than release 0.1.1: RGB, divided by 255, minus the mean and divided by the
   * standard deviation of ImageNet.
   */
  LEGACY
}
