package io.github.yolox4j.image;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.opencv.OpenCvLog;
import io.github.yolox4j.ffi.presets.NativeLibraries;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/** Loads OpenCV once, quietly. Every class that touches OpenCV calls {@link #load} first. */
public final class OpenCv {

  private OpenCv() {}

  private static final class Holder {
    static final boolean LOADED = load();

    private static boolean load() {
      try {
        NativeLibraries.load(opencv_core.class, opencv_imgproc.class, opencv_imgcodecs.class);
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        throw new YoloxException(
            "OpenCV cannot be loaded for %s: %s; the class path needs org.bytedeco:opencv, openblas"
                    .formatted(Loader.getPlatform(), e.getMessage())
                + " and javacpp with this platform's classifier",
            e);
      }
      OpenCvLog.silence();
      return true;
    }
  }

  /**
   * Loads OpenCV's pictures and drawing.
   *
   * @throws YoloxException if the natives are not on the class path
   */
  public static void load() {
    if (!Holder.LOADED) {
      throw new AssertionError();
    }
  }
}
