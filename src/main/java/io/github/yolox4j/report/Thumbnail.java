package io.github.yolox4j.report;

import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.eval.ErrorKind;
import io.github.yolox4j.eval.Mistake;
import io.github.yolox4j.image.Picture;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** A small picture of a mistake: what is around its box, with the box drawn. */
record Thumbnail(GroundTruth truth, Mistake mistake) {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final int LINE = 2;

  /** Around the box, in parts of its longer side, and at least so many pixels. */
  private static final double CONTEXT = 0.5;

  private static final double LEAST_CONTEXT = 24;

  /** Small crops are enlarged no further, for there is nothing more to see. */
  private static final double LARGEST_SCALE = 4;

  /** The thumbnail as a JPEG file; empty if the image cannot be read or has nothing of the box. */
  Optional<byte[]> jpeg(Path folder) {
    try (Picture picture = Picture.read(truth.images().get(mistake.image()).in(folder))) {
      return crop(picture);
    } catch (YoloxException _) {
      // a report without one picture is worth more than none
      return Optional.empty();
    }
  }

  private Optional<byte[]> crop(Picture picture) {
    BoundingBox box = mistake.box();
    double context = Math.max(LEAST_CONTEXT, CONTEXT * Math.max(box.width(), box.height()));
    int left = clamp(box.x() - context, picture.width());
    int top = clamp(box.y() - context, picture.height());
    int right = clamp(box.right() + context, picture.width());
    int bottom = clamp(box.bottom() + context, picture.height());
    if (right <= left || bottom <= top) {
      return Optional.empty();
    }
    int width = right - left;
    int height = bottom - top;
    double scale =
        Math.min(LARGEST_SCALE, Math.min((double) WIDTH / width, (double) HEIGHT / height));
    try (var _ = new PointerScope()) {
      Mat crop = new Mat(picture.mat(), new Rect(left, top, width, height));
      Mat small = Jpeg.scaled(crop, scale);
      if (mistake.annotation() >= 0) {
        BoundingBox object = truth.box(mistake.annotation());
        draw(small, moved(object, left, top, scale), new Scalar(90, 160, 30, 0));
      }
      if (mistake.kind() != ErrorKind.MISSED) {
        draw(small, moved(box, left, top, scale), new Scalar(50, 50, 220, 0));
      }
      return Optional.of(Jpeg.encode(small));
    }
  }

  private static int clamp(double value, int limit) {
    return Math.clamp(Math.round(value), 0, limit);
  }

  private static BoundingBox moved(BoundingBox box, int left, int top, double scale) {
    return new BoundingBox(
        (box.x() - left) * scale,
        (box.y() - top) * scale,
        box.width() * scale,
        box.height() * scale);
  }

  /** Edges that lie outside of the picture are drawn at its border's far side, so unseen. */
  private static void draw(Mat picture, BoundingBox box, Scalar colour) {
    int left = drawable(box.x(), picture.cols());
    int top = drawable(box.y(), picture.rows());
    int right = drawable(box.right(), picture.cols());
    int bottom = drawable(box.bottom(), picture.rows());
    Rect edges = new Rect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    opencv_imgproc.rectangle(picture, edges, colour, LINE, LINE_AA, 0);
  }

  private static int drawable(double value, int limit) {
    return Math.clamp(Math.round(value), -2 * LINE, limit + 2 * LINE);
  }
}
