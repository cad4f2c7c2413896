package io.github.yolox4j.report;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.DetectionPainter;
import io.github.yolox4j.image.Picture;
import java.util.Base64;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Pictures within a page. Native objects belong to the innermost open scope. */
final class Jpeg {

  private static final int QUALITY = 82;

  /** The longest side of a picture with boxes. */
  private static final double MOST_SIDE = 400;

  private Jpeg() {}

  /** A picture of another size. */
  static Mat scaled(Mat picture, double scale) {
    Mat scaled = new Mat();
    Size size =
        new Size(
            Math.max(1, (int) Math.round(picture.cols() * scale)),
            Math.max(1, (int) Math.round(picture.rows() * scale)));
    opencv_imgproc.resize(picture, scaled, size, 0, 0, scale < 1 ? INTER_AREA : INTER_CUBIC);
    return scaled;
  }

  /** Draws boxes, which are in the picture's pixels, on a smaller copy. */
  static byte[] boxed(Picture picture, List<Detection> boxes, DetectionPainter painter) {
    double scale = Math.min(1, MOST_SIDE / Math.max(picture.width(), picture.height()));
    try (var _ = new PointerScope()) {
      // drawn after it was scaled, so that labels can be read
      Mat small = scaled(picture.mat(), scale);
      painter.paint(small, boxes.stream().map(box -> scaled(box, (float) scale)).toList());
      return encode(small);
    }
  }

  private static Detection scaled(Detection box, float scale) {
    return new Detection(
        box.x1() * scale,
        box.y1() * scale,
        box.x2() * scale,
        box.y2() * scale,
        box.objectness(),
        box.classConfidence(),
        box.classId(),
        box.label());
  }

  static byte[] encode(Mat picture) {
    BytePointer file = new BytePointer();
    IntPointer options = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, QUALITY);
    if (!opencv_imgcodecs.imencode(".jpg", picture, file, options)) {
      throw new YoloxException("A thumbnail cannot be encoded as JPEG");
    }
    byte[] bytes = new byte[Math.toIntExact(file.limit())];
    file.get(bytes);
    return bytes;
  }

  /** Writes an image that is its own file. */
  static void write(Markup html, byte[] jpeg, String description) {
    String file = "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
    html.empty("img", "src alt", file, description);
  }
}
