package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import java.time.Duration;

/** Is told how a detection in many pictures goes on, and may end it. Called by one thread. */
@FunctionalInterface
public interface StreamMonitor {

  /**
   * Tells how much is done, after each pass of the network.
   *
   * @param done pictures detected in, and sources that could not be read
   * @param total how many there will be; -1 with a video, whose frames nobody has counted
   */
  void progress(long done, long total);

  /**
   * Tells of a pass of the network.
   *
   * @param pictures how many it was of
   * @param time how long it took, from decoded pictures to boxes
   */
  default void detected(int pictures, Duration time) {}

  /**
   * Tells of a source that cannot be read, or not to its end; the others are gone on with.
   *
   * @param source the source
   * @param reason the sentence for the user
   */
  default void unreadable(Source source, YoloxException reason) {}

  /**
   * {@return whether to end, with all files of what is done completed; asked after each pass and
   * while no picture comes}
   */
  default boolean cancelled() {
    return false;
  }
}
