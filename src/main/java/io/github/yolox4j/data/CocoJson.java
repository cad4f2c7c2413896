package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** What COCO's files have in common when they are written. */
final class CocoJson {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private CocoJson() {}

  /** Writes a file and ends its last line. */
  static void write(Path file, AtomicFile.Content<JsonGenerator> content) {
    AtomicFile.write(
        file,
        out -> {
          try (JsonGenerator json = FACTORY.createGenerator(out)) {
            content.writeTo(json);
            json.writeRaw('\n');
          }
        });
  }

  static void id(JsonGenerator json, String key, ImageId id) throws IOException {
    switch (id) {
      case ImageId.OfNumber(long number) -> json.writeNumberField(key, number);
      case ImageId.OfText(String text) -> json.writeStringField(key, text);
    }
  }

  static void box(JsonGenerator json, BoundingBox box) throws IOException {
    json.writeFieldName("bbox");
    json.writeArray(new double[] {box.x(), box.y(), box.width(), box.height()}, 0, 4);
  }
}
