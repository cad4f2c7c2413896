package io.github.yolox4j.augment;

/**
 * What is drawn for the colours.
 *
 * @param hue added modulo 180
 * @param saturation added, then clipped to 0 to 255
 * @param value added, then clipped to 0 to 255
 */
record HsvShift(int hue, int saturation, int value) {

  static HsvShift from(RandomSource random, Augmentation settings) {
    double hue = random.uniform(-1, 1) * settings.hueGain();
    double saturation = random.uniform(-1, 1) * settings.saturationGain();
    double value = random.uniform(-1, 1) * settings.valueGain();
    return new HsvShift(
        (int) (hue * random.integer(0, 1)),
        (int) (saturation * random.integer(0, 1)),
        (int) (value * random.integer(0, 1)));
  }
}
