package io.github.yolox4j.embed;

import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.engine.Usage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;

/** A detector and its texts for C. Any number of threads use it; closing waits for them. */
final class OpenDetector {

  private final Detector detector;
  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> classNames;
  private final MemorySegment engine;
  private final Usage usage;

  /**
   * Takes over a detector.
   *
   * @param handle what it is called by
   * @param detector the detector
   */
  OpenDetector(long handle, Detector detector) {
    this.detector = detector;
    usage = new Usage(() -> new NoSuchDetectorException(handle));
    classNames = detector.classNames().stream().map(arena::allocateFrom).toList();
    engine = arena.allocateFrom(detector.engine());
  }

  /** The texts of the class names, which live until this is closed. */
  List<MemorySegment> classNames() {
    return classNames;
  }

  /** What runs the network, which lives until this is closed. */
  MemorySegment engine() {
    return engine;
  }

  /** Uses the detector, which is not closed before the use ends. */
  <T> T use(Function<Detector, T> use) {
    try (var _ = usage.begin()) {
      return use.apply(detector);
    }
  }

  /** Waits until nobody uses the detector and closes it. */
  void close() {
    usage.end(
        () -> {
          detector.close();
          arena.close();
        });
  }
}
