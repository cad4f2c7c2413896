package io.github.yolox4j.stream;

import io.github.yolox4j.image.Picture;
import java.util.OptionalLong;

/**
 * A decoded picture of a source. Owns its pixels until it is closed.
 *
 * @param source where it is from
 * @param number its position in a video, from 0; nothing for a picture file
 * @param framesPerSecond the video's rate; 0 for a picture file
 * @param picture the picture, closed with this
 */
public record Frame(Source source, OptionalLong number, double framesPerSecond, Picture picture)
    implements AutoCloseable {

  @Override
  public void close() {
    picture.close();
  }
}
