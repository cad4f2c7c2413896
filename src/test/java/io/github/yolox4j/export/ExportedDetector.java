package io.github.yolox4j.export;

import ai.onnxruntime.OrtException;
import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Detects with an exported model that has suppression inside. */
final class ExportedDetector implements AutoCloseable {

  private final OrtModel model;
  private final Letterbox letterbox;
  private final List<String> classNames;

  ExportedDetector(Path file, int height, int width, int classes) throws OrtException {
    this.model = new OrtModel(file);
    this.letterbox = new Letterbox(height, width);
    this.classNames = ClassNames.defaults(classes);
  }

  /** Detects in pictures of any sizes at once, boxes not clipped. */
  List<List<Detection>> detect(List<Picture> pictures) throws OrtException {
    byte[] pixels = pixels(letterbox, pictures);
    Map<String, OrtModel.Result> results =
        model.run(pixels, pictures.size(), letterbox.height(), letterbox.width());
    float[] boxes = results.get("boxes").floats();
    float[] scores = results.get("scores").floats();
    long[] classes = results.get("classes").integers();
    int maximum = (int) results.get("scores").shape()[1];
    List<List<Detection>> all = new ArrayList<>();
    for (int p = 0; p < pictures.size(); p++) {
      Picture picture = pictures.get(p);
      float ratio = (float) letterbox.ratio(picture.width(), picture.height());
      List<Detection> found = new ArrayList<>();
      for (int i = 0; i < results.get("counts").integers()[p]; i++) {
        int at = p * maximum + i;
        found.add(
            new Detection(
                boxes[4 * at] / ratio,
                boxes[4 * at + 1] / ratio,
                boxes[4 * at + 2] / ratio,
                boxes[4 * at + 3] / ratio,
                scores[at],
                1,
                (int) classes[at],
                classNames.get((int) classes[at])));
      }
      all.add(found);
    }
    return all;
  }

  /** Letterboxed pictures, [B, H, W, 3]. */
  static byte[] pixels(Letterbox letterbox, List<Picture> pictures) {
    long bytes = 3L * letterbox.height() * letterbox.width();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(bytes * pictures.size(), Long.BYTES);
      for (int i = 0; i < pictures.size(); i++) {
        letterbox.apply(pictures.get(i).mat(), all.asSlice(i * bytes, bytes), 3, false);
      }
      return all.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Override
  public void close() throws OrtException {
    model.close();
  }
}
