package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.Picture;
import java.util.OptionalLong;

/** A picture on its way to the network, or why there is none. */
sealed interface Frame extends AutoCloseable {

  Source source();

  @Override
  default void close() {}

  /**
   * A decoded picture.
   *
   * @param source where it is from
   * @param number its position in a video, from 0; nothing for a picture file
   * @param framesPerSecond the video's rate; 0 for a picture file
   * @param picture the picture, closed with this
   */
  record Decoded(Source source, OptionalLong number, double framesPerSecond, Picture picture)
      implements Frame {
    @Override
    public void close() {
      picture.close();
    }
  }

  /**
   * A source that could not be read, or not to its end.
   *
   * @param source the source
   * @param reason the sentence for the user
   */
  record Unreadable(Source source, YoloxException reason) implements Frame {}
}
