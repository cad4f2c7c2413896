package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** Writes COCO instances, one entry per line. Annotations are numbered from 1. */
final class CocoGroundTruthWriter {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private final JsonGenerator json;
  private final GroundTruth truth;

  private CocoGroundTruthWriter(JsonGenerator json, GroundTruth truth) {
    this.json = json;
    this.truth = truth;
  }

  static void write(Path file, GroundTruth truth) {
    AtomicFile.write(
        file,
        out -> {
          try (JsonGenerator json = FACTORY.createGenerator(out)) {
            new CocoGroundTruthWriter(json, truth).write();
          }
        });
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
    json.writeRaw('\n');
  }

  private void write(GroundTruth.Image image) throws IOException {
    json.writeStartObject();
    writeId("id", image.id());
    json.writeStringField("file_name", image.fileName());
    json.writeNumberField("width", image.width());
    json.writeNumberField("height", image.height());
    json.writeEndObject();
  }

  private void writeAnnotation(int i) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", i + 1);
    writeId("image_id", truth.images().get(truth.image(i)).id());
    json.writeNumberField("category_id", truth.categories().get(truth.category(i)).id());
    json.writeArrayFieldStart("bbox");
    json.writeNumber(truth.x(i));
    json.writeNumber(truth.y(i));
    json.writeNumber(truth.width(i));
    json.writeNumber(truth.height(i));
    json.writeEndArray();
    json.writeNumberField("area", truth.area(i));
    json.writeNumberField("iscrowd", truth.crowd(i) ? 1 : 0);
    if (truth.ignored(i) && !truth.crowd(i)) {
      json.writeNumberField("gt_ignore", 1);
    }
    json.writeEndObject();
  }

  private void writeId(String key, ImageId id) throws IOException {
    switch (id) {
      case ImageId.OfNumber(long number) -> json.writeNumberField(key, number);
      case ImageId.OfText(String text) -> json.writeStringField(key, text);
    }
  }
}
