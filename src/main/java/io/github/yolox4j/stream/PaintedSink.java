package io.github.yolox4j.stream;

import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.DetectionPainter;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.video.VideoReader;
import io.github.yolox4j.video.VideoSink;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Pictures and videos with the objects drawn in. */
final class PaintedSink implements ResultSink {

  private static final Set<String> WRITABLE = Set.of("jpg", "jpeg", "png", "bmp", "webp");
  private static final String OTHERWISE = ".png";

  private final OutputFolder folder;
  private final DetectionPainter painter = new DetectionPainter();
  private Source source;
  private VideoSink video;

  PaintedSink(OutputFolder folder, List<Source> sources) {
    this.folder = folder;
    for (Source source : sources) {
      switch (source) {
        case Source.PictureFile picture -> folder.requireFree(picture, extension(picture.path()));
        case Source.Video named -> folder.requireFree(named, videoExtension());
        case Source.Unsearchable _ -> {}
      }
    }
  }

  @Override
  public void accept(Frame frame, List<Detection> detections) {
    Picture picture = frame.picture();
    painter.paint(picture.mat(), detections);
    switch (frame.source()) {
      case Source.PictureFile file -> picture.write(folder.file(frame, extension(file.path())));
      case Source.Video named -> {
        if (!named.equals(source)) {
          finish();
          source = named;
          video =
              VideoSink.create(
                  folder.file(named, videoExtension()),
                  picture.width(),
                  picture.height(),
                  frame.framesPerSecond());
        }
        video.write(picture.mat());
      }
      case Source.Unsearchable _ -> throw new AssertionError("a folder has no frames");
    }
  }

  private static String videoExtension() {
    return VideoReader.ffmpegPresent() ? ".mp4" : ".avi";
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return WRITABLE.contains(Extension.of(file))
        ? name.substring(name.lastIndexOf('.'))
        : OTHERWISE;
  }

  @Override
  public void finish() {
    if (video != null) {
      video.finish();
      close();
    }
  }

  @Override
  public void close() {
    if (video != null) {
      video.close();
      video = null;
    }
  }
}
