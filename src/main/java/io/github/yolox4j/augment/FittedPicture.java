package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A data set's picture, resized to fit the input. Belongs to whoever asked for it, or to a cache;
 * {@link #close} frees it in the first case only.
 */
final class FittedPicture implements AutoCloseable {

  private final Mat mat;
  private final int originalWidth;
  private final int originalHeight;
  private final boolean shared;

  FittedPicture(Mat mat, int originalWidth, int originalHeight) {
    this(mat, originalWidth, originalHeight, false);
  }

  private FittedPicture(Mat mat, int originalWidth, int originalHeight, boolean shared) {
    this.mat = mat;
    this.originalWidth = originalWidth;
    this.originalHeight = originalHeight;
    this.shared = shared;
  }

  /** Resizes a picture, which this takes over. */
  static FittedPicture of(Picture picture, Letterbox input) {
    Mat original = picture.mat();
    Fit fit = Fit.of(input, original.cols(), original.rows());
    if (fit.isSize(original.cols(), original.rows())) {
      return new FittedPicture(original, original.cols(), original.rows());
    }
    try (picture;
        Size size = new Size(fit.width(), fit.height())) {
      Mat fitted = new Mat(fit.height(), fit.width(), original.type());
      opencv_imgproc.resize(original, fitted, size, 0, 0, opencv_imgproc.INTER_LINEAR);
      return new FittedPicture(fitted, original.cols(), original.rows());
    }
  }

  /** The same picture for a borrower. */
  FittedPicture lent() {
    return new FittedPicture(mat, originalWidth, originalHeight, true);
  }

  Mat mat() {
    return mat;
  }

  int originalWidth() {
    return originalWidth;
  }

  int originalHeight() {
    return originalHeight;
  }

  /** How much memory the pixels take. */
  long bytes() {
    return Pixels.bytes(mat.cols(), mat.rows());
  }

  @Override
  public void close() {
    if (!shared) {
      mat.close();
    }
  }
}
