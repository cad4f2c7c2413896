package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_ANY;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_OPENCV_MJPEG;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_PROP_FPS;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_PROP_FRAME_COUNT;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_PROP_FRAME_HEIGHT;
import static org.bytedeco.opencv.global.opencv_videoio.CAP_PROP_FRAME_WIDTH;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.OpenCv;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_videoio.VideoCapture;

/** Cameras and the files that OpenCV reads without FFmpeg. */
final class OpenCvVideoReader implements VideoReader {

  static {
    OpenCv.load();
  }

  private final VideoCapture capture;
  private final FrameSize size;
  private final double framesPerSecond;
  private final long frameCount;

  /** Takes over an open capture: closes it when its size is out of bounds. */
  private OpenCvVideoReader(String source, VideoCapture capture) {
    this.capture = capture;
    try {
      size =
          FrameSize.checked(
              source,
              (int) capture.get(CAP_PROP_FRAME_WIDTH),
              (int) capture.get(CAP_PROP_FRAME_HEIGHT));
      framesPerSecond = FrameRate.orDefault(capture.get(CAP_PROP_FPS));
      double frames = capture.get(CAP_PROP_FRAME_COUNT);
      frameCount = frames > 0 ? (long) frames : -1;
    } catch (YoloxException tooLarge) {
      capture.close();
      throw tooLarge;
    }
  }

  /** Opens {@code camera:N}. */
  static OpenCvVideoReader camera(String source) {
    String number = source.substring("camera:".length());
    int index;
    try {
      index = Integer.parseUnsignedInt(number);
    } catch (NumberFormatException notANumber) {
      throw new YoloxException(
          source + ": expected camera:N with N a camera's number, such as camera:0", notANumber);
    }
    return opened(source, new VideoCapture(index))
        .orElseThrow(
            () ->
                new YoloxException(
                    source
                        + ": no such camera can be opened; is it connected, and used by no other"
                        + " program?"));
  }

  /** Opens MJPEG in AVI; empty when the file holds something else. */
  static Optional<OpenCvVideoReader> mjpeg(Path file) {
    return opened(file.toString(), new VideoCapture(file.toString(), CAP_OPENCV_MJPEG));
  }

  /** Opens a file with whatever OpenCV was built with; empty when none of it reads the file. */
  static Optional<OpenCvVideoReader> anyFile(Path file) {
    return opened(file.toString(), new VideoCapture(file.toString(), CAP_ANY));
  }

  private static Optional<OpenCvVideoReader> opened(String source, VideoCapture capture) {
    if (capture.isOpened()) {
      return Optional.of(new OpenCvVideoReader(source, capture));
    }
    capture.close();
    return Optional.empty();
  }

  @Override
  public boolean read(Mat target) {
    if (capture.isNull()) {
      throw new IllegalStateException("the reader is closed");
    }
    if (!capture.read(target) || target.empty()) {
      return false;
    }
    // each JPEG states a size of its own
    if (target.cols() != size.width() || target.rows() != size.height()) {
      try (var stated = new Size(size.width(), size.height())) {
        resize(target, target, stated);
      }
    }
    return true;
  }

  @Override
  public int width() {
    return size.width();
  }

  @Override
  public int height() {
    return size.height();
  }

  @Override
  public double framesPerSecond() {
    return framesPerSecond;
  }

  @Override
  public long frameCount() {
    return frameCount;
  }

  @Override
  public void close() {
    capture.close();
  }
}
