package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.TextFile;
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

  /** Classes may be called "no" and "on". */
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS).build();

  /** What other paths begin with. */
  private static final String ROOT = "path";

  /** What some call the split val. */
  static final String VALID = "valid";

  static DatasetDescription read(Path file) {
    String text = TextFile.read("", file);
    try {
      JsonNode root = YAML.readTree(text);
      if (!root.isObject()) {
        throw new YoloxException("%s is not a description of a data set".formatted(file));
      }
      return new DatasetDescription(file, root);
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation(); // none where it is nested too deep
      throw new YoloxException(
          "%s line %d: not valid YAML".formatted(file, place == null ? 1 : place.getLineNr()), e);
    }
  }

  Dataset open(String split, Faults faults) {
    String key = root.path("format").asText(root.has("names") ? "yolo" : "");
    return Arrays.stream(DatasetFormat.values())
        .filter(format -> format.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new YoloxException(
                    "%s: format is '%s'; expected %s".formatted(file, key, DatasetFormat.KEYS)))
        .layout()
        .open(this, split, faults);
  }

  List<String> splits() {
    return root.properties().stream()
        .filter(entry -> !entry.getKey().equals(ROOT))
        .filter(entry -> isSplit(entry))
        .map(entry -> Dataset.split(entry.getKey()))
        .distinct()
        .toList();
  }

  /** Tells a split from a licence or the number of classes, by its name or by what is there. */
  private boolean isSplit(Map.Entry<String, JsonNode> entry) {
    JsonNode value = entry.getValue();
    if (value.isNull() || (value.isContainerNode() && value.isEmpty())) {
      return false; // such as "test:  # optional"
    }
    try {
      return Dataset.SPLIT_KEYS.contains(entry.getKey())
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
    return beside(root.path(ROOT).asText(""));
  }

  /** Where a path leads; one that leads out of the folder and to nothing is tried inside it. */
  Path place(String path) {
    Path place = resolve(folder(), path).normalize();
    Path inside = resolve(folder(), path.replaceFirst("^(\\.\\.[/\\\\])+", "")).normalize();
    return !Files.exists(place) && Files.exists(inside) ? inside : place;
  }

  /** Where a path leads that begins beside the file. */
  Path beside(String path) {
    return resolve(file.toAbsolutePath().getParent(), path);
  }

  private Path resolve(Path folder, String path) {
    try {
      return folder.resolve(path);
    } catch (InvalidPathException e) {
      throw new YoloxException("%s: '%s' is no path".formatted(file, path), e);
    }
  }

  YoloxException missing(String key, String expected) {
    return new YoloxException("%s: '%s' is missing; expected %s".formatted(file, key, expected));
  }

  YoloxException wrong(String key, Object found, String expected) {
    return new YoloxException("%s: '%s' has %s; expected %s".formatted(file, key, found, expected));
  }
}
