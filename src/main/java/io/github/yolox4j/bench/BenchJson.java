package io.github.yolox4j.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.tensor.IntraOpThreads;
import java.io.IOException;
import java.util.Map;

/** The figures as JSON. */
public final class BenchJson {

  private static final double MEBI = 1 << 20;

  private final JsonGenerator json;

  private BenchJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes an object.
   *
   * @param result the figures
   * @param json where to
   * @throws IOException if the generator cannot write
   */
  public static void write(BenchResult result, JsonGenerator json) throws IOException {
    new BenchJson(json).write(result);
  }

  private void write(BenchResult result) throws IOException {
    json.writeStartObject();
    json.writeStringField("model", result.network().spec().name());
    json.writeNumberField("height", result.size().height());
    json.writeNumberField("width", result.size().width());
    number("gflops", result.gigaflopsPerPicture());
    json.writeNumberField("threads", IntraOpThreads.count());
    number("peak_gflops_per_s", result.peakGigaflops());
    json.writeArrayFieldStart("engines");
    for (EngineSpeed speed : result.engines()) {
      write(speed);
    }
    json.writeEndArray();
    if (result.detector().isPresent()) {
      write(result.detector().get());
    }
    if (result.training().isPresent()) {
      json.writeObjectFieldStart("training");
      json.writeNumberField("batch", result.training().get().batch());
      number("images_per_s", result.training().get().imagesPerSecond());
      json.writeEndObject();
    }
    if (!result.batches().isEmpty()) {
      json.writeArrayFieldStart("batches");
      for (SpeedByBatch speeds : result.batches()) {
        write(speeds);
      }
      json.writeEndArray();
    }
    json.writeObjectFieldStart("machine");
    for (Map.Entry<String, String> fact : result.machine().entrySet()) {
      json.writeStringField(fact.getKey(), fact.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void write(EngineSpeed speed) throws IOException {
    json.writeStartObject();
    json.writeStringField("engine", speed.kind().key());
    json.writeStringField("precision", speed.precision().key());
    number("median_ms", speed.medianMilliseconds());
    number("p90_ms", speed.slowMilliseconds());
    number("gflops_per_s", speed.gigaflops());
    number("images_per_s", speed.imagesPerSecond());
    json.writeNumberField("best_batch", speed.bestBatch());
    number("ready_s", speed.readySeconds());
    number("memory_mib", speed.memoryBytes() / MEBI);
    json.writeEndObject();
  }

  private void write(DetectorSpeed speed) throws IOException {
    json.writeObjectFieldStart("detector");
    json.writeStringField("engine", speed.kind().key());
    number("preprocess_ms", speed.preprocessMilliseconds());
    number("network_ms", speed.networkMilliseconds());
    number("postprocess_ms", speed.postprocessMilliseconds());
    json.writeEndObject();
  }

  private void write(SpeedByBatch speeds) throws IOException {
    json.writeStartObject();
    json.writeStringField("work", speeds.work().toString());
    json.writeStringField("precision", speeds.precision().key());
    json.writeArrayFieldStart("speeds");
    for (BatchSpeed speed : speeds.speeds()) {
      json.writeStartObject();
      json.writeNumberField("batch", speed.batch());
      number("median_ms", speed.milliseconds());
      number("p90_ms", speed.slowMilliseconds());
      number("images_per_s", speed.imagesPerSecond());
      number("peak_mib", speed.peakMib());
      if (speed.idle().isPresent()) {
        number("idle", speed.idle().getAsDouble());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    if (speeds.refused() > 0) {
      json.writeNumberField("refused_batch", speeds.refused());
    }
    if (speeds.failure().isPresent()) {
      json.writeStringField("failure", speeds.failure().get());
    }
    json.writeEndObject();
  }

  private void number(String name, double value) throws IOException {
    json.writeNumberField(name, Math.round(value * 1e3) / 1e3);
  }
}
