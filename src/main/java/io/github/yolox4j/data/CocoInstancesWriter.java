package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;

/** Writes COCO instances, one entry per line. Annotations are numbered from 1. */
final class CocoInstancesWriter {

  private final JsonGenerator json;
  private final GroundTruth truth;

  private CocoInstancesWriter(JsonGenerator json, GroundTruth truth) {
    this.json = json;
    this.truth = truth;
  }

  static void write(Path file, GroundTruth truth) {
    CocoJson.write(file, json -> new CocoInstancesWriter(json, truth).write());
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("images");
    for (GroundTruth.Image image : truth.images()) {
      json.writeRaw('\n');
      write(image);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("annotations");
    for (int i = 0; i < truth.size(); i++) {
      json.writeRaw('\n');
      writeAnnotation(i);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("categories");
    for (GroundTruth.Category category : truth.categories()) {
      json.writeRaw('\n');
      json.writeStartObject();
      json.writeNumberField("id", category.id());
      json.writeStringField("name", category.name());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(GroundTruth.Image image) throws IOException {
    json.writeStartObject();
    CocoJson.id(json, "id", image.id());
    json.writeStringField("file_name", image.fileName());
    json.writeNumberField("width", image.width());
    json.writeNumberField("height", image.height());
    json.writeEndObject();
  }

  private void writeAnnotation(int i) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", i + 1);
    CocoJson.id(json, "image_id", truth.images().get(truth.image(i)).id());
    json.writeNumberField("category_id", truth.categories().get(truth.category(i)).id());
    CocoJson.box(json, truth.box(i));
    json.writeNumberField("area", truth.area(i));
    json.writeNumberField("iscrowd", truth.crowd(i) ? 1 : 0);
    if (truth.ignored(i) && !truth.crowd(i)) {
      json.writeNumberField("gt_ignore", 1);
    }
    json.writeEndObject();
  }
}
