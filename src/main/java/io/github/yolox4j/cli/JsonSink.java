package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.github.yolox4j.detect.Detection;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** An array with an object per picture. */
final class JsonSink implements ResultSink {

  private static final int SCORE_DIGITS = 4;
  private static final int BOX_DIGITS = 2;

  private final TextOutput output;
  private final JsonGenerator json;

  JsonSink(TextOutput output) {
    this.output = output;
    try {
      json = new JsonFactory().createGenerator(output.writer());
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartArray();
    } catch (IOException e) {
      throw output.failed(e);
    }
  }

  @Override
  public void accept(Frame.Decoded frame, List<Detection> detections) {
    try {
      json.writeStartObject();
      json.writeStringField("image", frame.source().name());
      if (frame.number().isPresent()) {
        json.writeNumberField("frame", frame.number().getAsLong());
      }
      json.writeNumberField("width", frame.picture().width());
      json.writeNumberField("height", frame.picture().height());
      json.writeArrayFieldStart("detections");
      for (Detection detection : detections) {
        write(detection);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw output.failed(e);
    }
  }

  private void write(Detection detection) throws IOException {
    json.writeStartObject();
    json.writeStringField("class", detection.label());
    json.writeNumberField("class_id", detection.classId());
    json.writeNumberField("score", rounded(detection.score(), SCORE_DIGITS));
    json.writeArrayFieldStart("box");
    json.writeNumber(rounded(detection.x1(), BOX_DIGITS));
    json.writeNumber(rounded(detection.y1(), BOX_DIGITS));
    json.writeNumber(rounded(detection.x2(), BOX_DIGITS));
    json.writeNumber(rounded(detection.y2(), BOX_DIGITS));
    json.writeEndArray();
    json.writeEndObject();
  }

  static BigDecimal rounded(float value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN);
  }

  @Override
  public void finish() {
    try {
      json.writeEndArray();
      json.writeRaw(System.lineSeparator());
      json.flush();
    } catch (IOException e) {
      throw output.failed(e);
    }
    output.finish();
  }

  @Override
  public void close() {
    output.close();
  }
}
