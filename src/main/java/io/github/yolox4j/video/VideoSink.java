package io.github.yolox4j.video;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.UnfinishedFile;
import java.nio.file.Path;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Writes a video file: {@link #write} for each picture, then {@link #finish}. Until then the
 * pictures go to a temporary file beside the target, which {@link #close} deletes when the video
 * was not finished:
 *
 * <pre>{@code
 * try (var sink = VideoSink.create(path, width, height, 25)) {
 *   while (reader.read(picture)) {
 *     sink.write(picture);
 *   }
 *   sink.finish();
 * }
 * }</pre>
 *
 * <p>One thread at a time may use a sink.
 */
public abstract sealed class VideoSink implements AutoCloseable
    permits FfmpegVideoSink, OpenCvVideoSink {

  private final FrameSize size;
  private final UnfinishedFile file;
  private long frames;

  /** Takes over the file. */
  VideoSink(FrameSize size, UnfinishedFile file) {
    this.size = size;
    this.file = file;
  }

  /**
   * Starts a video: H.264 or MPEG-4 in MP4 with the optional artifact {@code org.bytedeco:ffmpeg},
   * MJPEG in AVI without it. MP4 holds even sizes only: there an odd width or height grows by one
   * pixel, which repeats its neighbour.
   *
   * @param target the file to write, in a folder that exists; its extension is replaced by the
   *     container's, see {@link #path}
   * @param width the width of every picture in pixels
   * @param height the height of every picture in pixels
   * @param framesPerSecond the frame rate, above 0 and at most 1000; AVI holds whole rates only
   * @return the sink, for the caller to close
   * @throws YoloxException if the file cannot be created, or no codec takes pictures of this size
   * @throws IllegalArgumentException if the size or the rate is out of range
   */
  public static VideoSink create(Path target, int width, int height, double framesPerSecond) {
    if (width < 1 || height < 1 || !FrameRate.isValid(framesPerSecond)) {
      throw new IllegalArgumentException(
          "no video has %d x %d pixels at %s frames per second"
              .formatted(width, height, framesPerSecond));
    }
    var size = new FrameSize(width, height);
    try {
      return FfmpegVideoSink.create(target, size, framesPerSecond);
    } catch (LinkageError absent) {
      return new OpenCvVideoSink(target, size, framesPerSecond);
    }
  }

  /**
   * {@return where the finished video will be: the path given to {@link #create} with the extension
   * {@code .mp4} or {@code .avi}}
   */
  public final Path path() {
    return file.target();
  }

  /** Where the pictures go until the video is finished. */
  final Path temporary() {
    return file.temporary();
  }

  /**
   * Appends a picture.
   *
   * @param picture 8-bit BGR of the video's width and height; only read
   * @throws YoloxException if it cannot be written
   * @throws IllegalArgumentException if it has another size or type
   * @throws IllegalStateException if the video is finished or the sink is closed
   */
  public final void write(Mat picture) {
    requireOpen();
    size.requireOf(picture);
    append(picture, frames++);
  }

  /**
   * Completes the file and moves it to {@link #path}, over a file that is there.
   *
   * @throws YoloxException if it cannot be written
   * @throws IllegalStateException if no picture was written, the video is finished or the sink is
   *     closed
   */
  public final void finish() {
    requireOpen();
    if (frames == 0) {
      throw new IllegalStateException("a video needs a picture");
    }
    complete(frames);
    file.commit();
  }

  private void requireOpen() {
    if (!isOpen()) {
      throw new IllegalStateException("the video is finished or closed");
    }
  }

  abstract boolean isOpen();

  /** Appends a picture of the right size, counted from 0. */
  abstract void append(Mat picture, long index);

  /** Writes what is left, and frees the native memory. */
  abstract void complete(long frames);

  /** Frees the native memory; may be called again. */
  abstract void free();

  /**
   * Frees the native memory and deletes what is not finished; later calls do nothing.
   *
   * @throws YoloxException if the temporary file cannot be deleted
   */
  @Override
  public final void close() {
    free();
    file.close();
  }
}
