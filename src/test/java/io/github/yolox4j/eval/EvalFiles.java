package io.github.yolox4j.eval;

import io.github.yolox4j.data.GroundTruth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The small set of objects and detections in the resources, as it is or edited. */
final class EvalFiles {

  static final String INSTANCES = "instances.json";
  static final String RESULTS = "results.json";

  private EvalFiles() {}

  static Path edited(Path folder, String name, UnaryOperator<String> edit) throws IOException {
    try (InputStream in = Objects.requireNonNull(EvalFiles.class.getResourceAsStream(name))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Files.writeString(folder.resolve(name), edit.apply(text));
    }
  }

  static GroundTruth groundTruth(Path folder) throws IOException {
    return GroundTruth.read(edited(folder, INSTANCES, text -> text));
  }

  static Detections detections(Path folder) throws IOException {
    return Detections.read(edited(folder, RESULTS, text -> text), groundTruth(folder));
  }

  /** Replaces every number that a pattern's group finds, given with four digits. */
  static String replaceAll(String text, String pattern, UnaryOperator<String> replacement) {
    return Pattern.compile(pattern)
        .matcher(text)
        .replaceAll(match -> replacement.apply("%04d".formatted(Integer.parseInt(match.group(1)))));
  }
}
