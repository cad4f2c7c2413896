package io.github.yolox4j.detect;

import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/** Draws detections on pictures. Immutable and thread-safe. */
public final class DetectionPainter {

  /** Creates a painter. */
  public DetectionPainter() {}

  /**
   * Draws boxes with labels such as "dog 0.86" in place.
   *
   * @param bgr the picture, 8-bit BGR
   * @param detections boxes in pixels of the picture; they may reach beyond it
   * @throws IllegalArgumentException if the picture is not 8-bit BGR
   */
  public void paint(Mat bgr, List<Detection> detections) {}
}
