package io.github.yolox4j.stream;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.files.TextOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** An array with an object per picture. */
final class JsonSink implements ResultSink {

  private static final int SCORE_DIGITS = 4;
  private static final int BOX_DIGITS = 2;

  private final TextOutput output;

  JsonSink(TextOutput output) {
    this.output = output;
    output.json(JsonGenerator::writeStartArray);
  }

  @Override
  public void accept(Frame frame, List<Detection> detections) {
    output.json(json -> write(json, frame, detections));
  }

  private static void write(JsonGenerator json, Frame frame, List<Detection> detections)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("image", frame.source().name());
    if (frame.number().isPresent()) {
      json.writeNumberField("frame", frame.number().getAsLong());
    }
    json.writeNumberField("width", frame.picture().width());
    json.writeNumberField("height", frame.picture().height());
    json.writeArrayFieldStart("detections");
    for (Detection detection : detections) {
      json.writeStartObject();
      json.writeStringField("class", detection.label());
      json.writeNumberField("class_id", detection.classId());
      json.writeNumberField("score", rounded(detection.score(), SCORE_DIGITS));
      json.writeArrayFieldStart("box");
      for (float side :
          new float[] {detection.x1(), detection.y1(), detection.x2(), detection.y2()}) {
        json.writeNumber(rounded(side, BOX_DIGITS));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static BigDecimal rounded(float value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN);
  }

  @Override
  public void finish() {
    output.json(JsonGenerator::writeEndArray);
    output.finish();
  }

  @Override
  public void close() {
    output.close();
  }
}
