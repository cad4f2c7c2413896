package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import java.time.Duration;
import java.util.List;

/**
 * What came of a detection in many pictures. Immutable.
 *
 * @param pictures the pictures and frames that were detected in
 * @param unreadable why sources could not be read, or not to their end
 * @param detecting the time in the detector, all pictures together
 */
public record DetectionSummary(long pictures, List<YoloxException> unreadable, Duration detecting) {

  /** Copies the list. */
  public DetectionSummary {
    unreadable = List.copyOf(unreadable);
  }
}
