package io.github.yolox4j.report;

import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.augment.SampleMaker;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.DetectionPainter;
import io.github.yolox4j.image.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The first samples of a batch as the network sees them, with their labels.
 *
 * @param batch the batch's number
 * @param jpegs a picture for each
 */
record BatchPictures(long batch, List<byte[]> jpegs) {

  private static final int MOST = 8;
  private static final int CHANNELS = 3;

  /** Draws a batch, which may be closed afterwards. */
  static BatchPictures of(Batch batch, List<String> classNames) {
    long row = (long) batch.width() * CHANNELS;
    long bytes = row * batch.height();
    List<byte[]> jpegs =
        IntStream.range(0, Math.min(MOST, batch.size()))
            .mapToObj(
                i -> {
                  try (Picture picture =
                      Picture.ofBgr(
                          batch.pixels().asSlice(i * bytes, bytes),
                          batch.width(),
                          batch.height(),
                          row)) {
                    return BoxedPicture.jpeg(
                        picture, objects(batch, i, classNames), DetectionPainter.withoutScores());
                  }
                })
            .toList();
    return new BatchPictures(batch.number(), jpegs);
  }

  private static List<Detection> objects(Batch batch, int sample, List<String> classNames) {
    float[] labels = batch.labels();
    int first = sample * batch.maxLabels() * SampleMaker.LABEL;
    List<Detection> objects = new ArrayList<>();
    for (int i = 0; i < batch.maxLabels(); i++) {
      int at = first + i * SampleMaker.LABEL;
      int classId = (int) labels[at];
      float x = labels[at + 1];
      float y = labels[at + 2];
      float halfWidth = labels[at + 3] / 2;
      float halfHeight = labels[at + 4] / 2;
      if (halfWidth > 0 && halfHeight > 0) {
        objects.add(
            new Detection(
                x - halfWidth,
                y - halfHeight,
                x + halfWidth,
                y + halfHeight,
                1,
                1,
                classId,
                classNames.get(classId)));
      }
    }
    return objects;
  }

  void writeTo(Markup html) {
    html.begin("div", "class", "gallery");
    for (int i = 0; i < jpegs.size(); i++) {
      html.begin("figure");
      Jpeg.write(html, jpegs.get(i), "sample %d".formatted(i + 1));
      html.end();
    }
    html.end();
  }
}
