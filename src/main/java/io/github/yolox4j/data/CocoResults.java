package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Path;

/** Files of COCO results: what was detected in the images of a data set. */
public final class CocoResults {

  private final JsonInput json;
  private final GroundTruth truth;
  private final BoxTable detections;

  private CocoResults(JsonInput json, GroundTruth truth, BoxTable detections) {
    this.json = json;
    this.truth = truth;
    this.detections = detections;
  }

  /**
   * Reads a file: an array of objects with {@code image_id}, {@code category_id}, {@code bbox} and
   * {@code score}; other keys are skipped.
   *
   * @param file a JSON file of any size
   * @param truth what has the images and categories of the detections
   * @param detections gets the detections in the file's order, each with its score
   * @param faults is told of a detection that is not as expected, or of an image or a category that
   *     the ground truth does not have; the sentence names the entry
   * @throws YoloxException if the file cannot be read or is damaged as a whole
   */
  public static void read(Path file, GroundTruth truth, BoxTable detections, Faults faults) {
    JsonInput.read(file, json -> new CocoResults(json, truth, detections).read(faults));
  }

  private BoxTable read(Faults faults) throws IOException {
    json.entries(
        "an array of detections",
        "detection",
        why -> faults.found(FindingKind.BAD_LABEL, why.getMessage()),
        this::readDetection);
    return detections;
  }

  private void readDetection() throws IOException {
    int image = -1;
    int category = -1;
    BoundingBox box = null;
    double score = Double.NaN;
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "image_id" -> image = image(json.imageId(key));
        case "category_id" -> category = category(json.wholeNumber(key));
        case "bbox" -> box = json.box();
        case "score" -> score = json.number(key);
        default -> json.skip();
      }
    }
    json.require(image >= 0, "there is no image_id");
    json.require(category >= 0, "there is no category_id");
    json.require(box != null, "there is no bbox");
    json.require(!Double.isNaN(score), "there is no score");
    detections.add(image, category, box, score);
  }

  private int image(ImageId id) {
    return truth
        .imageIndex(id)
        .orElseThrow(
            () ->
                json.error(
                    "image_id %s is not among the images of %s".formatted(id, truth.source())));
  }

  private int category(long id) {
    return truth
        .categoryIndex(id)
        .orElseThrow(
            () ->
                json.error(
                    "category_id %s is not among the categories of %s"
                        .formatted(id, truth.source())));
  }

  /**
   * Writes a file, whole or not at all. Reading it gives the same numbers.
   *
   * @param file the file to make or replace
   * @param truth what has the images and categories of the detections
   * @param detections the detections, each with its score
   * @throws YoloxException if the file cannot be written
   */
  public static void write(Path file, GroundTruth truth, BoxTable detections) {
    CocoJson.write(
        file,
        json -> {
          json.writeStartArray();
          for (int i = 0; i < detections.size(); i++) {
            json.writeRaw('\n');
            write(json, truth, detections, i);
          }
          json.writeRaw('\n');
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, GroundTruth truth, BoxTable detections, int i)
      throws IOException {
    json.writeStartObject();
    CocoJson.id(json, "image_id", truth.images().get(detections.image(i)).id());
    json.writeNumberField("category_id", truth.categories().get(detections.category(i)).id());
    CocoJson.box(json, detections.box(i));
    json.writeNumberField("score", detections.number(i));
    json.writeEndObject();
  }
}
