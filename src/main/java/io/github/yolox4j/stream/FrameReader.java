package io.github.yolox4j.stream;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.video.VideoReader;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.opencv.opencv_core.Mat;

/** Decodes the pictures of all sources one after the other; ends a source that fails. */
final class FrameReader implements AutoCloseable {

  private final Iterator<Source> sources;
  private Source source;
  private VideoReader video; // null outside of a video
  private long number;

  FrameReader(List<Source> sources) {
    this.sources = sources.iterator();
  }

  /** Returns the next picture, owned by the caller, or the end or an unreadable source. */
  Reading next() {
    while (video != null || sources.hasNext()) {
      if (video == null) {
        source = sources.next();
      }
      try {
        Optional<Reading> reading = video == null ? begin() : nextOfVideo();
        if (reading.isPresent()) {
          return reading.get();
        }
      } catch (YoloxException e) {
        close();
        return new Reading.Unreadable(source, e);
      }
    }
    return new Reading.End();
  }

  /** Returns the source's picture; nothing of a video, which it opens. */
  private Optional<Reading> begin() {
    return switch (source) {
      case Source.PictureFile file ->
          Optional.of(read(OptionalLong.empty(), 0, Picture.read(file.path())));
      case Source.Unsearchable folder -> throw folder.reason();
      case Source.Video named -> {
        video = VideoReader.open(named.name());
        number = 0;
        yield Optional.empty();
      }
    };
  }

  /** Returns the video's next picture; nothing at its end, where it closes the video. */
  private Optional<Reading> nextOfVideo() {
    Mat mat = new Mat();
    Optional<Picture> picture = Optional.empty();
    try {
      if (video.read(mat)) {
        picture = Optional.of(Picture.take(mat));
      }
    } finally {
      if (picture.isEmpty()) {
        mat.close();
      }
    }
    if (picture.isPresent()) {
      return picture.map(p -> read(OptionalLong.of(number++), video.framesPerSecond(), p));
    }
    long stated = video.frameCount();
    close();
    if (number < stated) {
      throw new YoloxException(
          "%s is cut off or damaged: %d of its %d frames could be read"
              .formatted(source.name(), number, stated));
    }
    return Optional.empty();
  }

  private Reading read(OptionalLong position, double framesPerSecond, Picture picture) {
    return new Reading.Read(new Frame(source, position, framesPerSecond, picture));
  }

  @Override
  public void close() {
    if (video != null) {
      video.close();
      video = null;
    }
  }
}
