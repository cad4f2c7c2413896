package io.github.yolox4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A YAML file that describes a data set: {@code format} (coco, voc or yolo) and for each split the
 * folder of {@code images} and the file of {@code annotations}, relative to the YAML file.
 */
final class DataFile {

  private DataFile() {}

  static Dataset open(Path file, String split) {
    JsonNode root = read(file);
    Path folder = file.toAbsolutePath().getParent();
    String format = root.path("format").asText(root.has("names") ? "yolo" : "");
    return switch (format) {
      case "coco" -> {
        JsonNode part = root.path(split);
        Path annotations = folder.resolve(text(file, part, split, "annotations"));
        Path images = folder.resolve(text(file, part, split, "images"));
        yield new Dataset(GroundTruth.read(annotations), images);
      }
      case "voc" -> {
        String place = root.path(split).path("folder").asText("");
        yield Dataset.voc(folder.resolve(place), split);
      }
      case "yolo" -> YoloLayout.open(file, split);
      default ->
          throw new YoloxException(
              "%s: format is '%s'; expected coco, voc or yolo".formatted(file, format));
    };
  }

  static JsonNode read(Path file) {
    try {
      JsonNode root = new YAMLMapper().readTree(Files.readString(file));
      if (!root.isObject()) {
        throw new YoloxException("%s is not a description of a data set".formatted(file));
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new YoloxException(
          "%s line %d: not valid YAML".formatted(file, e.getLocation().getLineNr()), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String text(Path file, JsonNode part, String split, String key) {
    JsonNode value = part.path(key);
    if (!value.isTextual()) {
      throw new YoloxException(
          "%s: '%s.%s' is missing; expected a path".formatted(file, split, key));
    }
    return value.asText();
  }
}
