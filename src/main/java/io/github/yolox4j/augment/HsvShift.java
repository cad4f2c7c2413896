package io.github.yolox4j.augment;

import java.nio.ByteBuffer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * What is drawn for the colours.
 *
 * @param hue added modulo 180
 * @param saturation added, then clipped to 0 to 255
 * @param value added, then clipped to 0 to 255
 */
record HsvShift(int hue, int saturation, int value) {

  private static final int HUES = 180;

  static HsvShift from(RandomSource random, Augmentation settings) {
    double hue = random.uniform(-1, 1) * settings.hueGain();
    double saturation = random.uniform(-1, 1) * settings.saturationGain();
    double value = random.uniform(-1, 1) * settings.valueGain();
    return new HsvShift(
        (int) (hue * random.integer(0, 1)),
        (int) (saturation * random.integer(0, 1)),
        (int) (value * random.integer(0, 1)));
  }

  /** Changes a picture's colours in place. */
  void apply(Mat bgr) {
    try (Mat hsv = new Mat();
        Mat shifted = new Mat(1, 256, opencv_core.CV_8UC3)) {
      shifted.<ByteBuffer>createBuffer().put(table());
      opencv_imgproc.cvtColor(bgr, hsv, opencv_imgproc.COLOR_BGR2HSV);
      opencv_core.LUT(hsv, shifted, hsv);
      opencv_imgproc.cvtColor(hsv, bgr, opencv_imgproc.COLOR_HSV2BGR);
    }
  }

  private byte[] table() {
    byte[] table = new byte[3 * 256];
    for (int i = 0; i < 256; i++) {
      table[3 * i] = (byte) Math.floorMod(i + hue, HUES);
      table[3 * i + 1] = (byte) Math.clamp(i + saturation, 0, 255);
      table[3 * i + 2] = (byte) Math.clamp(i + value, 0, 255);
    }
    return table;
  }
}
