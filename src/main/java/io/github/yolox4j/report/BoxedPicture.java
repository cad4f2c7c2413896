package io.github.yolox4j.report;

import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.DetectionPainter;
import io.github.yolox4j.image.Picture;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;

/** A small picture with boxes and their classes. */
final class BoxedPicture {

  private static final double MOST_SIDE = 400;

  private BoxedPicture() {}

  /** Draws boxes, which are in the picture's pixels, on a smaller copy. */
  static byte[] jpeg(Picture picture, List<Detection> boxes, DetectionPainter painter) {
    double scale = Math.min(1, MOST_SIDE / Math.max(picture.width(), picture.height()));
    try (var _ = new PointerScope()) {
      // drawn after it was scaled, so that labels can be read
      Mat small = Jpeg.scaled(picture.mat(), scale);
      painter.paint(small, boxes.stream().map(box -> scaled(box, (float) scale)).toList());
      return Jpeg.encode(small);
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
}
