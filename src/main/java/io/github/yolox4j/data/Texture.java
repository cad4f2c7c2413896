package io.github.yolox4j.data;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REFLECT_101;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_HSV2BGR_FULL;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_NEAREST;
import static org.bytedeco.opencv.global.opencv_imgproc.WARP_INVERSE_MAP;

import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** Patterns: a grid of random colours, enlarged softly or with edges, and turned. */
enum Texture {
  PLAIN(1, 1, false, INTER_NEAREST),
  GRADIENT(2, 2, true, INTER_LINEAR),
  STRIPES(5, 16, false, INTER_NEAREST),
  TILES(5, 10, true, INTER_NEAREST),
  CLOUDS(5, 12, true, INTER_CUBIC),
  GRAIN(30, 60, true, INTER_CUBIC);

  private static final List<Texture> ALL = List.of(values());

  private final int least;
  private final int most;
  private final boolean square;
  private final int interpolation;

  /** Takes the least and most columns of the grid, and whether it has as many rows or one. */
  Texture(int least, int most, boolean square, int interpolation) {
    this.least = least;
    this.most = most;
    this.square = square;
    this.interpolation = interpolation;
  }

  static Texture any(SplittableRandom random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  /** Fills a picture, 8-bit BGR. */
  Mat paint(Palette palette, SplittableRandom random, int height, int width) {
    int columns = random.nextInt(least, most + 1);
    int rows = square ? columns : 1;
    Mat grid =
        new Mat(rows, columns, CV_8UC3, new BytePointer(palette.colours(rows * columns, random)));
    Mat colours = new Mat();
    opencv_imgproc.cvtColor(grid, colours, COLOR_HSV2BGR_FULL);
    int side = (int) Math.ceil(Math.hypot(height, width)) + 2;
    Mat large = enlarged(colours, side, interpolation);
    Mat turned = new Mat();
    opencv_imgproc.warpAffine(
        large,
        turned,
        rotation(2 * Math.PI * random.nextDouble(), side, height, width),
        new Size(width, height),
        INTER_LINEAR | WARP_INVERSE_MAP,
        BORDER_REFLECT_101,
        new Scalar());
    return turned;
  }

  private static Mat enlarged(Mat grid, int side, int interpolation) {
    Mat large = new Mat();
    opencv_imgproc.resize(grid, large, new Size(side, side), 0, 0, interpolation);
    return large;
  }

  /** From the picture to the square that it is cut from, about the middle of both. */
  private static Mat rotation(double angle, int side, int height, int width) {
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double x = (width - 1) / 2.0;
    double y = (height - 1) / 2.0;
    double middle = (side - 1) / 2.0;
    return new Mat(
        2,
        3,
        CV_64F,
        new DoublePointer(
            cos, -sin, middle - cos * x + sin * y, sin, cos, middle - sin * x - cos * y));
  }
}
