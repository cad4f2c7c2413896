package io.github.yolox4j.image;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.opencv.OpenCvLog;
import io.github.yolox4j.ffi.presets.NativeLibraries;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/**
 * Loads OpenCV once, quietly, and with one thread for each of its operations: whoever works on many
 * pictures keeps the cores busy with several at once. Every class that touches OpenCV calls {@link
 * #load} first.
 */
public final class OpenCv {

  private static final int THREADS = 1;

  private OpenCv() {}

  /** What the first load ended with; a static initialiser that throws would hide the sentence. */
  private static final class Holder {
    static final Optional<YoloxException> FAILURE = load();

    private static Optional<YoloxException> load() {
      try {
        NativeLibraries.load(opencv_core.class, opencv_imgproc.class, opencv_imgcodecs.class);
        OpenCvLog.silence();
        opencv_core.setNumThreads(THREADS);
        return Optional.empty();
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        return Optional.of(
            new YoloxException(
                "OpenCV cannot be loaded for %s: %s; the class path needs org.bytedeco:opencv,"
                        .formatted(Loader.getPlatform(), e.getMessage())
                    + " openblas and javacpp with this platform's classifier",
                e));
      }
    }
  }

  /**
   * Loads OpenCV's pictures and drawing.
   *
   * @throws YoloxException if the natives are not on the class path
   */
  public static void load() {
    if (Holder.FAILURE.isPresent()) {
      throw Holder.FAILURE.get();
    }
  }
}
