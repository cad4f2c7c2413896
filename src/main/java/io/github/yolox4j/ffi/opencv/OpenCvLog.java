package io.github.yolox4j.ffi.opencv;

import io.github.yolox4j.ffi.presets.Downcall;
import io.github.yolox4j.ffi.presets.NativeLibraries;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.opencv.global.opencv_core;

/** OpenCV's own log, which writes its warnings to standard error. */
public final class OpenCvLog {

  /** By this OpenCV lets the user choose the level; whoever does keeps the choice. */
  private static final String LEVEL_VARIABLE = "OPENCV_LOG_LEVEL";

  private static final int LOG_LEVEL_SILENT = 0;

  static {
    NativeLibraries.load(opencv_core.class);
    if (System.getenv(LEVEL_VARIABLE) == null) {
      setLogLevel().ifPresent(OpenCvLog::callWithSilent);
    }
  }

  private OpenCvLog() {}

  /**
   * Silences the log for the rest of the process; errors still reach Java as exceptions or return
   * values. Loads OpenCV's core library on the first call; later calls do nothing. Thread-safe.
   */
  public static void silence() {
    // the class's initialiser has done it, once
  }

  /** Finds {@code cv::utils::logging::setLogLevel(LogLevel)} by its Itanium or MSVC name. */
  private static Optional<MemorySegment> setLogLevel() {
    SymbolLookup loaded = SymbolLookup.loaderLookup();
    return Stream.of(
            "_ZN2cv5utils7logging11setLogLevelENS1_8LogLevelE",
            "?setLogLevel@logging@utils@cv@@YA?AW4LogLevel@123@W44123@@Z")
        .flatMap(name -> loaded.find(name).stream())
        .findFirst();
  }

  @SuppressWarnings("restricted")
  private static void callWithSilent(MemorySegment setLogLevel) {
    try {
      int _ =
          (int)
              Linker.nativeLinker()
                  .downcallHandle(
                      setLogLevel,
                      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(LOG_LEVEL_SILENT);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }
}
