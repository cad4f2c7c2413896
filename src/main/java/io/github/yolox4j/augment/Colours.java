package io.github.yolox4j.augment;

import io.github.yolox4j.image.OpenCv;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Shifts pictures' colours. Owns the memory it works in; used by one thread. */
final class Colours implements AutoCloseable {

  private static final int HUES = 180;
  private static final int BYTES = 256;
  private static final int HUE_CHANNEL = 0;

  private final Mat hsv;
  private final Mat hue;

  Colours() {
    OpenCv.load();
    hsv = new Mat();
    hue = new Mat();
  }

  /** Changes a BGR picture in place. */
  void shift(Mat bgr, HsvShift shift) {
    opencv_imgproc.cvtColor(bgr, hsv, opencv_imgproc.COLOR_BGR2HSV);
    if (shift.hue() != 0) {
      turnHue(shift.hue());
    }
    try (Mat more = channels(Math.max(0, shift.saturation()), Math.max(0, shift.value()));
        Mat less = channels(Math.max(0, -shift.saturation()), Math.max(0, -shift.value()))) {
      opencv_core.add(hsv, more, hsv);
      opencv_core.subtract(hsv, less, hsv);
    }
    opencv_imgproc.cvtColor(hsv, bgr, opencv_imgproc.COLOR_HSV2BGR);
  }

  /** A table for all three channels at once would be simpler, but takes three times as long. */
  private void turnHue(int shift) {
    byte[] turned = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      turned[i] = (byte) Math.floorMod(i + shift, HUES);
    }
    try (Mat table = new Mat(1, BYTES, opencv_core.CV_8U)) {
      table.<ByteBuffer>createBuffer().put(turned);
      opencv_core.extractChannel(hsv, hue, HUE_CHANNEL);
      opencv_core.LUT(hue, table, hue);
      opencv_core.insertChannel(hue, hsv, HUE_CHANNEL);
    }
  }

  /** What OpenCV's arithmetic takes for one number per channel. */
  private static Mat channels(int saturation, int value) {
    Mat numbers = new Mat(4, 1, opencv_core.CV_64F);
    numbers.<DoubleBuffer>createBuffer().put(new double[] {0, saturation, value, 0});
    return numbers;
  }

  @Override
  public void close() {
    hsv.close();
    hue.close();
  }
}
