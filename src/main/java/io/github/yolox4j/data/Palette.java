package io.github.yolox4j.data;

import java.util.SplittableRandom;

/**
 * A range of colours in OpenCV's full HSV: hue, saturation and value from 0 to 255.
 *
 * @param hue the middle hue
 * @param spread how far hues lie from it at most
 */
record Palette(
    int hue, int spread, int leastSaturation, int mostSaturation, int leastValue, int mostValue) {

  private static final int CHANNELS = 3;

  /** Dull colours of all hues, dark or bright. */
  static Palette ofBackground(SplittableRandom random) {
    int value = random.nextInt(40, 170);
    return new Palette(random.nextInt(256), 40, 0, 80, value, value + 70);
  }

  /** Vivid shades of one hue of a class. */
  static Palette of(SyntheticShape shape, SplittableRandom random) {
    int value = random.nextInt(140, 200);
    return new Palette(shape.hue() + random.nextInt(-12, 13), 5, 150, 245, value, value + 55);
  }

  /** Random colours, three bytes each. */
  byte[] colours(int count, SplittableRandom random) {
    byte[] colours = new byte[CHANNELS * count];
    for (int i = 0; i < colours.length; i += CHANNELS) {
      colours[i] = (byte) (hue + random.nextInt(-spread, spread + 1));
      colours[i + 1] = (byte) random.nextInt(leastSaturation, mostSaturation + 1);
      colours[i + 2] = (byte) random.nextInt(leastValue, mostValue + 1);
    }
    return colours;
  }
}
