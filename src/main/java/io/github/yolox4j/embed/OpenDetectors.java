package io.github.yolox4j.embed;

import io.github.yolox4j.detect.Detector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The detectors that C has opened, by numbers that are never used again. Thread-safe. */
final class OpenDetectors {

  private final Map<Long, OpenDetector> open = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /** Takes over a detector and returns its number, which is above 0. */
  long add(Detector detector) {
    long handle = last.incrementAndGet();
    open.put(handle, new OpenDetector(handle, detector));
    return handle;
  }

  OpenDetector get(long handle) {
    OpenDetector found = open.get(handle);
    if (found == null) {
      throw new NoSuchDetectorException(handle);
    }
    return found;
  }

  /** Forgets a detector and closes it as soon as nobody uses it. */
  void close(long handle) {
    OpenDetector found = open.remove(handle);
    if (found == null) {
      throw new NoSuchDetectorException(handle);
    }
    found.close();
  }
}
