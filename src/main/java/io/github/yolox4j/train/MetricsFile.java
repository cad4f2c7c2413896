package io.github.yolox4j.train;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The losses and accuracies of a run: a line of JSON for each report, written as it comes. */
final class MetricsFile implements TrainingListener {

  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;

  private MetricsFile(Path file) {
    this.file = file;
  }

  /** Begins a run's file besides its config, in the place of earlier ones, or goes on with it. */
  static MetricsFile of(TrainingPlan plan, TrainingProgress progress) {
    Path file = plan.folder().metrics();
    if (plan.resume()) {
      return resume(file, progress.iteration());
    }
    AtomicFile.write(file, _ -> {});
    String config = RecipeFile.write(plan.spec(), plan.recipe());
    AtomicFile.write(
        plan.folder().config(), out -> out.write(config.getBytes(StandardCharsets.UTF_8)));
    return new MetricsFile(file);
  }

  /** Writes before another listener is told. */
  TrainingListener before(TrainingListener listener) {
    return event -> {
      on(event);
      listener.on(event);
    };
  }

  /** Goes on with a file, cut back to what had happened after a number of iterations. */
  private static MetricsFile resume(Path file, long iterations) {
    List<String> kept = new ArrayList<>();
    if (Files.exists(file)) {
      try {
        for (String line : Files.readAllLines(file)) {
          if (step(line) <= iterations) {
            kept.add(line);
          }
        }
      } catch (IOException e) {
        throw new YoloxException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
      }
    }
    AtomicFile.write(
        file,
        out -> {
          for (String line : kept) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
          }
        });
    return new MetricsFile(file);
  }

  /** The iteration of a line; a line that was cut off is of none. */
  private static long step(String line) {
    try {
      JsonNode node = new ObjectMapper().readTree(line);
      return node.path("step").asLong(Long.MAX_VALUE);
    } catch (JsonProcessingException _) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Stepped step -> append(json -> write(json, step));
      case TrainingEvent.Evaluated evaluated -> append(json -> write(json, evaluated));
      default -> {}
    }
  }

  /** What writes the fields of a line. */
  @FunctionalInterface
  private interface Line {
    void write(JsonGenerator json) throws IOException;
  }

  private void append(Line line) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      line.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    try {
      Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void write(JsonGenerator json, TrainingEvent.Stepped step) throws IOException {
    json.writeStringField("type", "step");
    json.writeNumberField("epoch", step.epoch());
    json.writeNumberField("iter", step.iteration());
    json.writeNumberField("step", step.step());
    json.writeNumberField("lr", step.rate());
    json.writeNumberField("size", step.height());
    json.writeNumberField("total", step.losses().total());
    json.writeNumberField("iou", step.losses().box());
    json.writeNumberField("obj", step.losses().objectness());
    json.writeNumberField("cls", step.losses().classes());
    json.writeNumberField("l1", step.losses().l1());
    json.writeNumberField("num_fg", step.losses().positivesPerObject());
    json.writeNumberField("images_per_s", rounded(step.imagesPerSecond()));
    json.writeNumberField("waiting", rounded(step.waiting()));
    json.writeNumberField("memory_mib", step.memory() >> 20);
    if (step.deviceMemory() > 0) {
      json.writeNumberField("gpu_memory_mib", step.deviceMemory() >> 20);
    }
  }

  private static void write(JsonGenerator json, TrainingEvent.Evaluated evaluated)
      throws IOException {
    json.writeStringField("type", "eval");
    json.writeNumberField("epoch", evaluated.epoch());
    json.writeNumberField("step", evaluated.step());
    double[] numbers = evaluated.metrics().toArray();
    for (int i = 0; i < numbers.length; i++) {
      json.writeNumberField(CocoMetrics.NAMES.get(i), numbers[i]);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
