package io.github.yolox4j.report;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.DetectionPainter;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.image.Picture;
import java.util.List;
import java.util.stream.IntStream;

/** What a model finds on some validation images, beside what there is. */
record PredictionPairs(Dataset dataset, Detections detections) {

  /** The least score of a detection that is drawn. */
  static final double LEAST_SCORE = 0.3;

  private static final int MOST = 8;

  /** Writes pairs of pictures; images that cannot be read are left out. */
  void writeTo(Markup html) {
    html.begin("div", "class", "pairs");
    for (int image : chosen()) {
      writePair(html, image);
    }
    html.end();
  }

  /** Images with objects, evenly over the data set, so always the same ones. */
  private int[] chosen() {
    int[] withObjects =
        IntStream.range(0, truth().images().size())
            .filter(i -> truth().firstAnnotation(i) < truth().firstAnnotation(i + 1))
            .toArray();
    int count = Math.min(MOST, withObjects.length);
    return IntStream.range(0, count)
        .map(i -> withObjects[(int) ((long) i * withObjects.length / count)])
        .toArray();
  }

  private void writePair(Markup html, int image) {
    byte[] predicted;
    byte[] objects;
    try (Picture picture = Picture.read(truth().images().get(image).in(dataset.images()))) {
      predicted = Jpeg.boxed(picture, predictions(image), new DetectionPainter());
      objects = Jpeg.boxed(picture, objects(image), DetectionPainter.withoutScores());
    } catch (YoloxException _) {
      // a report without one picture is worth more than none
      return;
    }
    html.begin("figure").begin("div", "class", "pair");
    Jpeg.write(html, predicted, "predicted");
    Jpeg.write(html, objects, "truth");
    html.end().element("figcaption", truth().images().get(image).fileName()).end();
  }

  private List<Detection> predictions(int image) {
    return IntStream.range(0, detections.size())
        .filter(i -> detections.image(i) == image && detections.score(i) >= LEAST_SCORE)
        .mapToObj(i -> drawn(detections.box(i), detections.score(i), detections.category(i)))
        .toList();
  }

  private List<Detection> objects(int image) {
    return IntStream.range(truth().firstAnnotation(image), truth().firstAnnotation(image + 1))
        .filter(i -> !truth().ignored(i))
        .mapToObj(i -> drawn(truth().box(i), 1, truth().category(i)))
        .toList();
  }

  private Detection drawn(BoundingBox box, double score, int category) {
    return new Detection(
        (float) box.x(),
        (float) box.y(),
        (float) box.right(),
        (float) box.bottom(),
        (float) score,
        1,
        category,
        truth().categories().get(category).name());
  }

  private GroundTruth truth() {
    return detections.groundTruth();
  }
}
