package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** A clip of ten pictures: the upper left quarter grows brighter, the rest is of one colour. */
final class Clip {

  static final int FRAMES = 10;

  private static final int[] REST_BGR = {40, 90, 200};

  private Clip() {}

  static void writeTo(VideoSink sink, int width, int height) {
    for (int i = 0; i < FRAMES; i++) {
      try (Mat picture = frame(width, height, i)) {
        sink.write(picture);
      }
    }
    sink.finish();
  }

  static Path write(Path target, int width, int height, double framesPerSecond) {
    try (var sink = VideoSink.create(target, width, height, framesPerSecond)) {
      writeTo(sink, width, height);
      return sink.path();
    }
  }

  static Path writeMjpeg(Path target, int width, int height) {
    try (var sink = new OpenCvVideoSink(target, new FrameSize(width, height), 25)) {
      writeTo(sink, width, height);
      return sink.path();
    }
  }

  static Mat frame(int width, int height, int index) {
    try (var rest = new Scalar(REST_BGR[0], REST_BGR[1], REST_BGR[2], 0);
        var grey = Scalar.all(grey(index));
        var corner = new Rect(0, 0, width / 2, height / 2)) {
      var picture = new Mat(height, width, CV_8UC3, rest);
      try (var quarter = new Mat(picture, corner)) {
        quarter.put(grey);
      }
      return picture;
    }
  }

  private static int grey(int index) {
    return 20 + 22 * index;
  }

  /** Reads to the end, checking every picture's size. */
  static List<int[]> cornersAndCentres(VideoReader reader) {
    var colours = new ArrayList<int[]>();
    try (var picture = new Mat()) {
      while (reader.read(picture)) {
        assertEquals(CV_8UC3, picture.type());
        assertEquals(reader.width(), picture.cols());
        assertEquals(reader.height(), picture.rows());
        colours.add(mean(picture, 0, 0));
        colours.add(mean(picture, picture.cols() * 3 / 4, picture.rows() * 3 / 4));
      }
    }
    return colours;
  }

  /** The mean BGR of an eighth of the width and height from a point. */
  static int[] mean(Mat picture, int x, int y) {
    try (var area = new Rect(x, y, picture.cols() / 8, picture.rows() / 8);
        var part = new Mat(picture, area);
        var mean = opencv_core.mean(part)) {
      return new int[] {
        (int) Math.round(mean.get(0)), (int) Math.round(mean.get(1)), (int) Math.round(mean.get(2))
      };
    }
  }

  /** Checks that a reader gives the clip; of a plain colour, lossy codecs keep all but a unit. */
  static void assertIsClip(VideoReader reader) {
    List<int[]> colours = cornersAndCentres(reader);
    assertEquals(2 * FRAMES, colours.size());
    for (int i = 0; i < FRAMES; i++) {
      for (int channel = 0; channel < 3; channel++) {
        assertEquals(grey(i), colours.get(2 * i)[channel], 1, "corner of picture " + i);
        assertEquals(REST_BGR[channel], colours.get(2 * i + 1)[channel], 1, "rest of picture " + i);
      }
    }
  }
}
