package io.github.yolox4j.eval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** Writes COCO results, one detection per line. */
final class CocoDetectionsWriter {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private CocoDetectionsWriter() {}

  static void write(Path file, Detections detections) {
    AtomicFile.write(
        file,
        out -> {
          try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartArray();
            for (int i = 0; i < detections.size(); i++) {
              json.writeRaw('\n');
              write(json, detections, i);
            }
            json.writeRaw('\n');
            json.writeEndArray();
            json.writeRaw('\n');
          }
        });
  }

  private static void write(JsonGenerator json, Detections detections, int i) throws IOException {
    GroundTruth truth = detections.groundTruth();
    json.writeStartObject();
    switch (truth.images().get(detections.image(i)).id()) {
      case ImageId.OfNumber(long number) -> json.writeNumberField("image_id", number);
      case ImageId.OfText(String text) -> json.writeStringField("image_id", text);
    }
    json.writeNumberField("category_id", truth.categories().get(detections.category(i)).id());
    json.writeArrayFieldStart("bbox");
    json.writeNumber(detections.x(i));
    json.writeNumber(detections.y(i));
    json.writeNumber(detections.width(i));
    json.writeNumber(detections.height(i));
    json.writeEndArray();
    json.writeNumberField("score", detections.score(i));
    json.writeEndObject();
  }
}
