package io.github.yolox4j.report;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;

import io.github.yolox4j.YoloxException;
import java.util.Base64;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Pictures within a page. Native objects belong to the innermost open scope. */
final class Jpeg {

  private static final int QUALITY = 82;

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
    html.empty(
        "img",
        "src",
        "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg),
        "alt",
        description);
  }
}
