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
record FittedPicture(Mat mat, int originalWidth, int originalHeight, boolean shared)
    implements AutoCloseable {

  FittedPicture(Mat mat, int originalWidth, int originalHeight) {
    this(mat, originalWidth, originalHeight, false);
  }

  /** Resizes a picture, which this takes over. */
  static FittedPicture of(Picture picture, Letterbox input) {
    Mat original = picture.mat();
    FittedSize fit = FittedSize.of(input, original.cols(), original.rows());
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
