package io.github.yolox4j.video;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.Extension;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The pictures of a video file, a camera or a network stream, in order. A file of variable frame
 * rate gives each of its pictures once. A reader holds native memory until it is closed. One thread
 * at a time may use it.
 */
public sealed interface VideoReader extends AutoCloseable
    permits FfmpegVideoReader, OpenCvVideoReader {

  /** Extensions, in lower case, of files that are taken for videos. */
  Set<String> EXTENSIONS =
      Set.of(
          "mp4", "m4v", "mov", "3gp", "3g2", "avi", "divx", "mkv", "webm", "ogv", "mpg", "mpeg",
          "m2v", "vob", "ts", "mts", "m2ts", "asf", "wmv", "flv", "f4v", "mxf", "h264", "264",
          "h265", "265", "hevc", "mjpeg");

  /** The frame rate of a source that does not tell its own. */
  double DEFAULT_FRAMES_PER_SECOND = 25;

  /**
   * Opens a source. Cameras and MJPEG in AVI are read with OpenCV; everything else needs the
   * optional artifact {@code org.bytedeco:ffmpeg} with the natives of the platform.
   *
   * @param source {@code camera:N} for the N-th camera, counted from 0; a stream's address such as
   *     {@code rtsp://...} or {@code https://...}, given up after ten seconds of silence; else a
   *     file's path
   * @return the reader, for the caller to close
   * @throws YoloxException if there is no such source, it holds no video that can be decoded, its
   *     pictures have more than 2<sup>28</sup> pixels, or FFmpeg is needed and absent
   */
  static VideoReader open(String source) {
    if (source.startsWith("camera:")) {
      return OpenCvVideoReader.camera(source);
    }
    if (isStream(source)) {
      try {
        return FfmpegVideoReader.stream(source);
      } catch (LinkageError absent) {
        throw FfmpegArtifact.needed("To read the stream " + source, absent);
      }
    }
    return openFile(file(source));
  }

  /**
   * {@return whether a file is named like a video: its extension is among {@link #EXTENSIONS} in
   * any case}
   *
   * @param file the file, which need not exist
   */
  static boolean named(Path file) {
    return EXTENSIONS.contains(Extension.of(file));
  }

  /**
   * {@return whether a file is a video, whatever its name: it gives more than one picture; false
   * without FFmpeg}
   *
   * @param file the file, which need not exist
   */
  static boolean isVideo(Path file) {
    if (!Files.isRegularFile(file) || !ffmpegPresent()) {
      return false;
    }
    try (VideoReader reader = openFile(file);
        Mat picture = new Mat()) {
      boolean any = reader.read(picture);
      return any && reader.read(picture);
    } catch (YoloxException _) {
      return false;
    }
  }

  private static boolean isStream(String source) {
    // two characters at least: C:// is a drive
    return Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://").matcher(source).lookingAt();
  }

  private static Path file(String source) {
    Path file;
    try {
      file = Path.of(source);
    } catch (InvalidPathException malformed) {
      throw new YoloxException(
          source + ": expected a video file, camera:N or a stream's address", malformed);
    }
    if (!Files.isRegularFile(file)) {
      throw new YoloxException(
          file
              + (Files.exists(file) ? " is not a regular file" : " does not exist")
              + "; expected a video file, camera:N or a stream's address");
    }
    return file;
  }

  private static VideoReader openFile(Path file) {
    // quicker to start than FFmpeg
    if (AviFile.isWhole(file)) {
      var mjpeg = OpenCvVideoReader.mjpeg(file);
      if (mjpeg.isPresent()) {
        return mjpeg.get();
      }
    }
    try {
      return FfmpegVideoReader.file(file);
    } catch (LinkageError absent) {
      return OpenCvVideoReader.anyFile(file)
          .orElseThrow(() -> FfmpegArtifact.needed("To read " + file, absent));
    }
  }

  /**
   * {@return whether MP4 files and streams can be read: FFmpeg and its natives are on the class
   * path}
   */
  static boolean ffmpegPresent() {
    try {
      return Ffmpeg.AGAIN != 0;
    } catch (LinkageError absent) {
      return false;
    }
  }

  /**
   * Reads the next picture.
   *
   * @param target receives the picture, 8-bit BGR of {@link #height()} rows and {@link #width()}
   *     columns; its memory is reused when it fits
   * @return whether there was one; false at the end of the source
   * @throws YoloxException if a stream breaks off, nothing comes for ten seconds, or this thread is
   *     interrupted
   * @throws IllegalStateException if the reader is closed
   */
  boolean read(Mat target);

  /**
   * {@return the width of every picture in pixels, as shown: a video taken upright is higher than
   * wide}
   */
  int width();

  /** {@return the height of every picture in pixels} */
  int height();

  /**
   * {@return the pictures per second that the source states, on average; {@value
   * #DEFAULT_FRAMES_PER_SECOND} when it states none}
   */
  double framesPerSecond();

  /**
   * {@return the number of pictures that the source states, of which a damaged file may give fewer;
   * -1 when it states none}
   */
  long frameCount();

  /** Frees the native memory; later calls do nothing. */
  @Override
  void close();
}
