package io.github.yolox4j.image;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Fits pictures into the network's input: resized bilinearly by one ratio for both sides, at the
 * top left, the rest filled with gray 114. The reference's {@code preproc}.
 *
 * @param height the input's height
 * @param width the input's width
 */
public record Letterbox(int height, int width) {

  /** The gray that fills what the picture leaves free. */
  public static final int FILL = 114;

  private static final int AROUND_VERTICAL_AXIS = 1;

  /** Checks the sides. */
  public Letterbox {
    if (height < 1 || width < 1) {
      throw new YoloxException(
          "The input is %dx%d; expected positive sides".formatted(width, height));
    }
  }

  /**
   * {@return the factor from a picture's pixels to the input's, above 0}
   *
   * @param pictureWidth the picture's width
   * @param pictureHeight the picture's height
   */
  public double ratio(int pictureWidth, int pictureHeight) {
    return Math.min((double) height / pictureHeight, (double) width / pictureWidth);
  }

  /**
   * Fits a picture into memory that the network reads.
   *
   * @param picture 8-bit, three channels
   * @param target native memory of height * width * channels bytes; one channel gets the gray
   *     values
   * @param channels 1 or 3
   * @param mirrored whether left and right of the picture are exchanged
   */
  public void apply(Mat picture, MemorySegment target, int channels, boolean mirrored) {
    OpenCv.load();
    try (BytePointer address = new BytePointer(target.asByteBuffer());
        Mat input = new Mat(height, width, opencv_core.CV_8UC(channels), address)) {
      if (channels == 3) {
        fit(picture, input, mirrored);
      } else {
        try (Mat gray = new Mat()) {
          opencv_imgproc.cvtColor(picture, gray, opencv_imgproc.COLOR_BGR2GRAY);
          fit(gray, input, mirrored);
        }
      }
    }
  }

  private void fit(Mat picture, Mat input, boolean mirrored) {
    double ratio = ratio(picture.cols(), picture.rows());
    int fittedWidth = Math.max(1, (int) (picture.cols() * ratio));
    int fittedHeight = Math.max(1, (int) (picture.rows() * ratio));
    fill(input, new PixelRect(fittedWidth, 0, width, fittedHeight));
    fill(input, new PixelRect(0, fittedHeight, width, height));
    try (Mat fitted = new PixelRect(0, 0, fittedWidth, fittedHeight).of(input);
        Size size = new Size(fittedWidth, fittedHeight)) {
      opencv_imgproc.resize(picture, fitted, size, 0, 0, opencv_imgproc.INTER_LINEAR);
      if (mirrored) {
        opencv_core.flip(fitted, fitted, AROUND_VERTICAL_AXIS);
      }
    }
  }

  /**
   * Makes a part of a picture gray; does nothing where there are no pixels.
   *
   * @param picture has all these pixels
   * @param part which
   */
  public static void fill(Mat picture, PixelRect part) {
    try (Scalar gray = new Scalar(FILL, FILL, FILL, 0)) {
      part.fill(picture, gray);
    }
  }
}
