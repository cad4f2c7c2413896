package io.github.yolox4j.augment;

import io.github.yolox4j.Range;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.Optional;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Shifts of hue, saturation and value.
 *
 * @param hsvProbability how often colours are shifted, 0 to 1
 * @param hueGain the largest shift of the hue, in OpenCV's half degrees, 0 to 179
 * @param saturationGain the largest shift of the saturation, 0 to 255
 * @param valueGain the largest shift of the value, 0 to 255
 */
public record RandomHsv(double hsvProbability, int hueGain, int saturationGain, int valueGain) {

  /** The reference's settings. */
  public static final RandomHsv DEFAULT = new RandomHsv(1, 5, 30, 30);

  private static final int HUES = 180;
  private static final int BYTES = 256;
  private static final int HUE_CHANNEL = 0;

  /** Checks every setting. */
  public RandomHsv {
    Range.require("augmentation.hsv-probability", hsvProbability, 0, 1);
    Range.require("augmentation.hue-gain", hueGain, 0, HUES - 1);
    Range.require("augmentation.saturation-gain", saturationGain, 0, 255);
    Range.require("augmentation.value-gain", valueGain, 0, 255);
  }

  Optional<Transform> draw(RandomSource random) {
    if (random.uniform(0, 1) >= hsvProbability) {
      return Optional.empty();
    }
    double hue = random.uniform(-1, 1) * hueGain;
    double saturation = random.uniform(-1, 1) * saturationGain;
    double value = random.uniform(-1, 1) * valueGain;
    return Optional.of(
        new Shift(
            (int) (hue * random.integer(0, 1)),
            (int) (saturation * random.integer(0, 1)),
            (int) (value * random.integer(0, 1))));
  }

  /**
   * Shifts colours.
   *
   * @param hue added modulo 180
   * @param saturation added, then clipped to 0 to 255
   * @param value added, then clipped to 0 to 255
   */
  record Shift(int hue, int saturation, int value) implements Transform {

    @Override
    public void apply(Mat bgr, PictureBuffers buffers) {
      Mat hsv = buffers.picture();
      opencv_imgproc.cvtColor(bgr, hsv, opencv_imgproc.COLOR_BGR2HSV);
      if (hue != 0) {
        turnHue(hsv, buffers.channel());
      }
      try (Mat more = channels(Math.max(0, saturation), Math.max(0, value));
          Mat less = channels(Math.max(0, -saturation), Math.max(0, -value))) {
        opencv_core.add(hsv, more, hsv);
        opencv_core.subtract(hsv, less, hsv);
      }
      opencv_imgproc.cvtColor(hsv, bgr, opencv_imgproc.COLOR_HSV2BGR);
    }

    /** A table for all three channels at once would be simpler, but takes three times as long. */
    private void turnHue(Mat hsv, Mat channel) {
      byte[] turned = new byte[BYTES];
      for (int i = 0; i < BYTES; i++) {
        turned[i] = (byte) Math.floorMod(i + hue, HUES);
      }
      try (Mat table = new Mat(1, BYTES, opencv_core.CV_8U)) {
        table.<ByteBuffer>createBuffer().put(turned);
        opencv_core.extractChannel(hsv, channel, HUE_CHANNEL);
        opencv_core.LUT(channel, table, channel);
        opencv_core.insertChannel(channel, hsv, HUE_CHANNEL);
      }
    }

    /** What OpenCV's arithmetic takes for one number per channel. */
    private static Mat channels(int saturation, int value) {
      Mat numbers = new Mat(4, 1, opencv_core.CV_64F);
      numbers.<DoubleBuffer>createBuffer().put(new double[] {0, saturation, value, 0});
      return numbers;
    }
  }
}
