package io.github.yolox4j.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a run's log tells, by ascending step.
 *
 * @param steps the losses
 * @param evaluations the accuracies
 */
record TrainingLog(List<Step> steps, List<Evaluation> evaluations) {

  /**
   * The losses after a step; NaN is what the log does not tell as a finite number.
   *
   * @param step counted from 1
   */
  record Step(
      long step,
      double total,
      double iou,
      double obj,
      double cls,
      double l1,
      double rate,
      double imagesPerSecond) {}

  /**
   * The accuracy after a step; NaN where there was nothing to measure with.
   *
   * @param step counted from 1
   */
  record Evaluation(long step, double ap, double ap50) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a log, which may be absent. Where a run was resumed, what it did again replaces what it
   * had logged before. Lines that are no JSON are skipped: a process that was killed may have left
   * half a line, to whose end a resumed one added its first.
   */
  static TrainingLog read(Path file) {
    NavigableMap<Long, Step> steps = new TreeMap<>();
    NavigableMap<Long, Evaluation> evaluations = new TreeMap<>();
    if (Files.exists(file)) {
      // not strict: half a line may end within a character
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
        lines.lines().forEach(line -> add(line, steps, evaluations));
      } catch (IOException e) {
        throw new YoloxException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
      }
    }
    return new TrainingLog(List.copyOf(steps.values()), List.copyOf(evaluations.values()));
  }

  private static void add(
      String line, NavigableMap<Long, Step> steps, NavigableMap<Long, Evaluation> evaluations) {
    JsonNode entry;
    try {
      entry = JSON.readTree(line);
    } catch (JsonProcessingException _) {
      return;
    }
    long step = entry.path("step").asLong();
    switch (entry.path("type").asText()) {
      case "step" -> {
        steps.tailMap(step, true).clear();
        evaluations.tailMap(step, true).clear();
        steps.put(step, step(step, entry));
      }
      case "eval" -> {
        evaluations.tailMap(step, true).clear();
        evaluations.put(step, new Evaluation(step, part(entry, "AP"), part(entry, "AP50")));
      }
      default -> {}
    }
  }

  private static Step step(long step, JsonNode entry) {
    return new Step(
        step,
        number(entry, "total"),
        number(entry, "iou"),
        number(entry, "obj"),
        number(entry, "cls"),
        number(entry, "l1"),
        number(entry, "lr"),
        number(entry, "images_per_s"));
  }

  /** NaN and infinity are texts or nothing in JSON. */
  private static double number(JsonNode entry, String key) {
    JsonNode value = entry.path(key);
    return value.isNumber() ? value.doubleValue() : Double.NaN;
  }

  private static double part(JsonNode entry, String key) {
    double value = number(entry, key);
    return value < 0 ? Double.NaN : value;
  }
}
