package io.github.yolox4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the parts of a data set. */
final class Splits {

  private static final List<String> ORDER = List.of("train", "val", "test");

  /** Of VOC: the others again, together. */
  private static final String UNION = "trainval";

  /** In the description of a data set, what other paths begin with. */
  private static final String ROOT = "path";

  private Splits() {}

  static List<String> of(Path data) {
    Set<String> names = new TreeSet<>(found(data));
    if (names.contains("train") && names.contains("val")) {
      names.remove(UNION);
    }
    if (names.isEmpty()) {
      throw new YoloxException("Data set %s has no splits".formatted(data));
    }
    return names.stream().sorted(Comparator.comparingInt(Splits::rank)).toList();
  }

  private static int rank(String name) {
    int rank = ORDER.indexOf(name);
    return rank < 0 ? ORDER.size() : rank;
  }

  private static List<String> found(Path data) {
    if (Files.isRegularFile(data)) {
      return ofFile(data);
    }
    if (!Files.isDirectory(data)) {
      throw new YoloxException("Data set %s does not exist".formatted(data));
    }
    if (Files.isDirectory(data.resolve("Annotations"))) {
      return ofVoc(data.resolve("ImageSets").resolve("Main"));
    }
    Path description = data.resolve(YoloLayout.DESCRIPTION);
    if (Files.isRegularFile(description)) {
      return ofFile(description);
    }
    return Dataset.annotationFiles(data).stream()
        .filter(Splits::instances)
        .map(file -> stem(file).replaceFirst("^instances_", "").replaceFirst("2017$", ""))
        .toList();
  }

  /** Tells whether a file of COCO is about boxes, not about the same images' texts and joints. */
  static boolean instances(Path file) {
    String name = file.getFileName().toString();
    return !name.contains("keypoints") && !name.contains("captions");
  }

  private static List<String> ofFile(Path file) {
    JsonNode root = DataFile.read(file);
    Set<String> names = new TreeSet<>();
    root.properties()
        .forEach(
            entry -> {
              if (ORDER.contains(entry.getKey())
                  || entry.getKey().equals(YoloLayout.VALID)
                  || isPlace(file, root, entry.getValue())) {
                names.add(entry.getKey());
              }
            });
    names.remove(ROOT);
    if (names.remove(YoloLayout.VALID)) {
      names.add("val");
    }
    return List.copyOf(names);
  }

  /** Tells whether something is there, as against a licence or the number of classes. */
  private static boolean isPlace(Path file, JsonNode root, JsonNode value) {
    Path folder = file.toAbsolutePath().getParent().resolve(root.path(ROOT).asText(""));
    try {
      return (value.isObject() && (value.has("annotations") || value.has("folder")))
          || (value.isTextual() && Files.isDirectory(folder.resolve(value.asText())));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  /** Files with an underscore tell which images have a class. */
  private static List<String> ofVoc(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .map(Splits::stem)
          .filter(name -> !name.contains("_"))
          .toList();
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be read: %s".formatted(folder, FileFailure.reason(e)), e);
    }
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }
}
