package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.video.VideoReader;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.opencv.opencv_core.Mat;

/** Decodes the pictures of all sources one after the other; ends a source that fails. */
final class FrameReader implements AutoCloseable {

  private final Iterator<Source> sources;
  private Source.Video source;
  private VideoReader video;
  private long number;

  FrameReader(List<Source> sources) {
    this.sources = sources.iterator();
  }

  /** Returns the next picture, owned by the caller; null after the last. */
  Frame next() {
    while (true) {
      if (video != null) {
        Frame frame = nextOfVideo();
        if (frame != null) {
          return frame;
        }
      } else if (!sources.hasNext()) {
        return null;
      } else {
        Source next = sources.next();
        try {
          switch (next) {
            case Source.PictureFile picture -> {
              return new Frame.Decoded(
                  picture, OptionalLong.empty(), 0, Picture.read(picture.path()));
            }
            case Source.Unsearchable folder -> {
              return new Frame.Unreadable(folder, folder.reason());
            }
            case Source.Video named -> {
              video = VideoReader.open(named.name());
              source = named;
              number = 0;
            }
          }
        } catch (YoloxException e) {
          return new Frame.Unreadable(next, e);
        }
      }
    }
  }

  private Frame nextOfVideo() {
    Mat mat = new Mat();
    try {
      if (video.read(mat)) {
        return new Frame.Decoded(
            source, OptionalLong.of(number++), video.framesPerSecond(), Picture.take(mat));
      }
    } catch (YoloxException e) {
      mat.close();
      closeVideo();
      return new Frame.Unreadable(source, e);
    }
    mat.close();
    long stated = video.frameCount();
    closeVideo();
    return number < stated ? new Frame.Unreadable(source, cutOff(stated)) : null;
  }

  private YoloxException cutOff(long stated) {
    return new YoloxException(
        "%s is cut off or damaged: %d of its %d frames could be read"
            .formatted(source.name(), number, stated));
  }

  private void closeVideo() {
    video.close();
    video = null;
  }

  @Override
  public void close() {
    if (video != null) {
      closeVideo();
    }
  }
}
