package io.github.yolox4j.stream;

import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.files.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A text file per picture in YOLO's format: class, centre x, centre y, width, height as shares of
 * the picture, then the score.
 */
final class YoloTextSink implements ResultSink {

  private static final String EXTENSION = ".txt";

  private final OutputFolder folder;

  YoloTextSink(OutputFolder folder, List<Source> sources) {
    this.folder = folder;
    for (Source source : sources) {
      if (source instanceof Source.PictureFile) {
        folder.requireFree(source, EXTENSION);
      }
    }
  }

  @Override
  public void accept(Frame frame, List<Detection> detections) {
    double width = frame.picture().width();
    double height = frame.picture().height();
    String lines =
        detections.stream()
            .map(
                d ->
                    String.format(
                        Locale.ROOT,
                        "%d %.6f %.6f %.6f %.6f %.4f\n",
                        d.classId(),
                        (d.x1() + d.x2()) / 2 / width,
                        (d.y1() + d.y2()) / 2 / height,
                        (d.x2() - d.x1()) / width,
                        (d.y2() - d.y1()) / height,
                        d.score()))
            .collect(Collectors.joining());
    AtomicFile.write(
        folder.file(frame, EXTENSION), out -> out.write(lines.getBytes(StandardCharsets.UTF_8)));
  }
}
