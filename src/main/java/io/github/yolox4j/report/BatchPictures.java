package io.github.yolox4j.report;

import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.data.Labels;
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
                    return Jpeg.boxed(
                        picture, objects(batch, i, classNames), DetectionPainter.withoutScores());
                  }
                })
            .toList();
    return new BatchPictures(batch.number(), jpegs);
  }

  private static List<Detection> objects(Batch batch, int sample, List<String> classNames) {
    Labels labels = batch.labels();
    List<Detection> objects = new ArrayList<>();
    for (int i = labels.first(sample); i < labels.first(sample + 1); i++) {
      float x = (float) labels.x(i);
      float y = (float) labels.y(i);
      float halfWidth = (float) labels.width(i) / 2;
      float halfHeight = (float) labels.height(i) / 2;
      if (halfWidth > 0 && halfHeight > 0) {
        objects.add(
            new Detection(
                x - halfWidth,
                y - halfHeight,
                x + halfWidth,
                y + halfHeight,
                1,
                1,
                labels.classId(i),
                classNames.get(labels.classId(i))));
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
