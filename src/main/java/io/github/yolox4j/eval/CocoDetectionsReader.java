package io.github.yolox4j.eval;

import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.data.JsonInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Reads COCO results as a stream. */
final class CocoDetectionsReader {

  private final JsonInput json;
  private final GroundTruth truth;
  private final Detections detections;
  private final double[] box = new double[4];

  private CocoDetectionsReader(JsonInput json, GroundTruth truth) {
    this.json = json;
    this.truth = truth;
    this.detections = new Detections(truth);
  }

  static Detections read(Path file, GroundTruth truth) {
    return JsonInput.read(file, json -> new CocoDetectionsReader(json, truth).read());
  }

  private Detections read() throws IOException {
    json.next();
    json.requireArray("an array of detections");
    json.entries("detection");
    while (json.nextEntry()) {
      int image = -1;
      int category = -1;
      boolean hasBox = false;
      double score = Double.NaN;
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        switch (key) {
          case "image_id" -> image = image(json.imageId(key));
          case "category_id" -> category = category(json.wholeNumber(key));
          case "bbox" -> {
            json.box(box);
            hasBox = true;
          }
          case "score" -> score = json.number(key);
          default -> json.skip();
        }
      }
      json.require(image >= 0, "there is no image_id");
      json.require(category >= 0, "there is no category_id");
      json.require(hasBox, "there is no bbox");
      json.require(!Double.isNaN(score), "there is no score");
      detections.add(image, category, box[0], box[1], box[2], box[3], score);
    }
    return detections;
  }

  private int image(ImageId id) {
    OptionalInt index = truth.imageIndex(id);
    if (index.isEmpty()) {
      throw json.error("image_id %s is not among the images of %s".formatted(id, truth.source()));
    }
    return index.getAsInt();
  }

  private int category(long id) {
    OptionalInt index = truth.categoryIndex(id);
    if (index.isEmpty()) {
      throw json.error(
          "category_id %s is not among the categories of %s".formatted(id, truth.source()));
    }
    return index.getAsInt();
  }
}
