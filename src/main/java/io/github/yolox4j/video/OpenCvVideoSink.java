package io.github.yolox4j.video;

import static org.bytedeco.opencv.global.opencv_videoio.CAP_OPENCV_MJPEG;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.UnfinishedFile;
import io.github.yolox4j.image.OpenCv;
import java.nio.file.Path;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_videoio.VideoWriter;

/** MJPEG in AVI, which OpenCV writes without FFmpeg. */
final class OpenCvVideoSink extends VideoSink {

  static {
    OpenCv.load();
  }

  private final VideoWriter writer;

  OpenCvVideoSink(Path target, FrameSize size, double framesPerSecond) {
    super(size, new UnfinishedFile(Extension.replace(target, ".avi")));
    try (var frameSize = new Size(size.width(), size.height())) {
      writer =
          new VideoWriter(
              temporary().toString(),
              CAP_OPENCV_MJPEG,
              VideoWriter.fourcc((byte) 'M', (byte) 'J', (byte) 'P', (byte) 'G'),
              // the container holds a whole number
              Math.max(1, Math.rint(framesPerSecond)),
              frameSize,
              true);
    }
    if (!writer.isOpened()) {
      close();
      throw new YoloxException(
          "%s: OpenCV cannot write MJPEG of %d x %d pixels"
              .formatted(path(), size.width(), size.height()));
    }
  }

  @Override
  void append(Mat picture, long index) {
    writer.write(picture);
  }

  @Override
  void complete(long frames) {
    writer.close();
    checkComplete(frames);
  }

  /** OpenCV reports no error of writing, such as a full disk, so the frames are counted. */
  private void checkComplete(long frames) {
    long complete = OpenCvVideoReader.mjpeg(temporary()).map(OpenCvVideoSink::count).orElse(0L);
    if (complete != frames) {
      throw new YoloxException(
          "%s: %d of %d pictures could be written; is the disk full?"
              .formatted(path(), complete, frames));
    }
  }

  private static long count(VideoReader reader) {
    try (reader) {
      return reader.frameCount();
    }
  }

  @Override
  boolean isOpen() {
    return !writer.isNull();
  }

  @Override
  void free() {
    writer.close();
  }
}
