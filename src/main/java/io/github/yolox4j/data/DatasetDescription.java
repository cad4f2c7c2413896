package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A YAML file that describes a data set: {@code format} and for each split what that format needs,
 * relative to the YAML file. YOLO's {@code data.yaml} is one, told by its {@code names}.
 */
record DatasetDescription(Path file, JsonNode root) {

  /** What other paths begin with. */
  private static final String ROOT = "path";

  /** What some call the split val. */
  private static final String VALID = "valid";

  static DatasetDescription read(Path file) {
    try {
      JsonNode root = new YAMLMapper().readTree(Files.readString(file));
      if (!root.isObject()) {
        throw new YoloxException("%s is not a description of a data set".formatted(file));
      }
      return new DatasetDescription(file, root);
    } catch (JsonProcessingException e) {
      throw new YoloxException(
          "%s line %d: not valid YAML".formatted(file, e.getLocation().getLineNr()), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  Dataset open(String split) {
    String key = root.path("format").asText(root.has("names") ? "yolo" : "");
    return Arrays.stream(DatasetFormat.values())
        .filter(format -> format.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new YoloxException(
                    "%s: format is '%s'; expected %s".formatted(file, key, DatasetFormat.KEYS)))
        .layout()
        .open(this, split);
  }

  List<String> splits() {
    return root.properties().stream()
        .filter(entry -> !entry.getKey().equals(ROOT))
        .filter(entry -> isSplit(entry))
        .map(entry -> entry.getKey().equals(VALID) ? "val" : entry.getKey())
        .distinct()
        .toList();
  }

  /** Tells a split from a licence or the number of classes, by its name or by what is there. */
  private boolean isSplit(Map.Entry<String, JsonNode> entry) {
    JsonNode value = entry.getValue();
    try {
      return Dataset.SPLITS.contains(entry.getKey())
          || entry.getKey().equals(VALID)
          || (value.isObject() && (value.has("annotations") || value.has("folder")))
          || (value.isTextual() && Files.isDirectory(folder().resolve(value.asText())));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  /** What is said of a split; a missing node if nothing is. */
  JsonNode split(String split) {
    return root.path(split.equals("val") && !root.has(split) ? VALID : split);
  }

  /** The folder that paths in the file begin with. */
  Path folder() {
    return file.toAbsolutePath().getParent().resolve(root.path(ROOT).asText(""));
  }

  YoloxException missing(String key, String expected) {
    return new YoloxException("%s: '%s' is missing; expected %s".formatted(file, key, expected));
  }
}
