package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;

/**
 * How training samples are changed at random. The ranges are inclusive; every drawn value is
 * uniform in its range.
 *
 * @param mosaicProbability how often a sample is put together from four images, 0 to 1
 * @param mixupProbability how often a mosaic is blended with another image, 0 to 1
 * @param hsvProbability how often hue, saturation and value are shifted, 0 to 1
 * @param hueGain the largest shift of the hue, in OpenCV's half degrees, 0 to 179
 * @param saturationGain the largest shift of the saturation, 0 to 255
 * @param valueGain the largest shift of the value, 0 to 255
 * @param flipProbability how often left and right are exchanged, 0 to 1
 * @param degrees the largest rotation of a mosaic, 0 to 180
 * @param translate the largest shift of a mosaic, as a share of the input's size, 0 to 1
 * @param minScale the smallest scale of a mosaic, at least 0.01
 * @param maxScale the largest scale of a mosaic, minScale to 10
 * @param shear the largest shear of a mosaic in each direction, in degrees, 0 to 30
 * @param minMixupScale the smallest scale of mixup's second image, at least 0.01
 * @param maxMixupScale the largest scale of mixup's second image, minMixupScale to 10
 * @param maxLabels how many labels a sample has room for; those beyond are dropped, 1 to 65536
 */
public record Augmentation(
    double mosaicProbability,
    double mixupProbability,
    double hsvProbability,
    int hueGain,
    int saturationGain,
    int valueGain,
    double flipProbability,
    double degrees,
    double translate,
    double minScale,
    double maxScale,
    double shear,
    double minMixupScale,
    double maxMixupScale,
    int maxLabels) {

  /** The settings of the models s, m, l, x and darknet53. */
  public static final Augmentation DEFAULT =
      new Augmentation(1, 1, 1, 5, 30, 30, 0.5, 10, 0.1, 0.1, 2, 2, 0.5, 1.5, 120);

  /** The settings of the model tiny. */
  public static final Augmentation TINY = DEFAULT.withScale(0.5, 1.5).withMixupProbability(0);

  /** The settings of the model nano. */
  public static final Augmentation NANO = TINY.withMosaicProbability(0.5);

  private static final int HUES = 180;
  private static final double MAX_SHEAR = 30;
  private static final double LEAST_SCALE = 0.01;
  private static final double MAX_SCALE = 10;

  /** Checks every setting. */
  public Augmentation {
    require("augmentation.mosaic-probability", mosaicProbability, 0, 1);
    require("augmentation.mixup-probability", mixupProbability, 0, 1);
    require("augmentation.hsv-probability", hsvProbability, 0, 1);
    require("augmentation.hue-gain", hueGain, 0, HUES - 1);
    require("augmentation.saturation-gain", saturationGain, 0, 255);
    require("augmentation.value-gain", valueGain, 0, 255);
    require("augmentation.flip-probability", flipProbability, 0, 1);
    require("augmentation.degrees", degrees, 0, 180);
    require("augmentation.translate", translate, 0, 1);
    require("augmentation.min-scale", minScale, LEAST_SCALE, MAX_SCALE);
    require("augmentation.max-scale", maxScale, minScale, MAX_SCALE);
    require("augmentation.shear", shear, 0, MAX_SHEAR);
    require("augmentation.min-mixup-scale", minMixupScale, LEAST_SCALE, MAX_SCALE);
    require("augmentation.max-mixup-scale", maxMixupScale, minMixupScale, MAX_SCALE);
    require("augmentation.max-labels", maxLabels, 1, 1 << 16);
  }

  private static void require(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new YoloxException(
          "'%s' is %s; expected a number from %s to %s".formatted(name, value, least, most));
    }
  }

  /**
   * Replaces the probability of the mosaic.
   *
   * @param probability 0 to 1
   * @return the changed settings
   */
  public Augmentation withMosaicProbability(double probability) {
    return new Augmentation(
        probability,
        mixupProbability,
        hsvProbability,
        hueGain,
        saturationGain,
        valueGain,
        flipProbability,
        degrees,
        translate,
        minScale,
        maxScale,
        shear,
        minMixupScale,
        maxMixupScale,
        maxLabels);
  }

  /**
   * Replaces the probability of mixup.
   *
   * @param probability 0 to 1
   * @return the changed settings
   */
  public Augmentation withMixupProbability(double probability) {
    return new Augmentation(
        mosaicProbability,
        probability,
        hsvProbability,
        hueGain,
        saturationGain,
        valueGain,
        flipProbability,
        degrees,
        translate,
        minScale,
        maxScale,
        shear,
        minMixupScale,
        maxMixupScale,
        maxLabels);
  }

  /**
   * Replaces the range of a mosaic's scale.
   *
   * @param least at least 0.01
   * @param most {@code least} to 10
   * @return the changed settings
   */
  public Augmentation withScale(double least, double most) {
    return new Augmentation(
        mosaicProbability,
        mixupProbability,
        hsvProbability,
        hueGain,
        saturationGain,
        valueGain,
        flipProbability,
        degrees,
        translate,
        least,
        most,
        shear,
        minMixupScale,
        maxMixupScale,
        maxLabels);
  }
}
