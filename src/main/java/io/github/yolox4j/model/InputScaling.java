package io.github.yolox4j.model;

import java.util.List;

/** What becomes of a picture's bytes before the network reads them. */
public enum InputScaling {
  /** BGR, 0 to 255, as it is. */
  NONE,
  /**
   * For weights older than release 0.1.1: RGB, divided by 255, minus the mean and divided by the
   * standard deviation of ImageNet.
   */
  LEGACY;

  /** ImageNet's mean of red, green and blue, for pixels from 0 to 1. */
  public static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);

  /** ImageNet's standard deviation of red, green and blue, for pixels from 0 to 1. */
  public static final List<Double> DEVIATION = List.of(0.229, 0.224, 0.225);

  /** What a byte stands for a pixel of 1. */
  public static final int FULL = 255;
}
