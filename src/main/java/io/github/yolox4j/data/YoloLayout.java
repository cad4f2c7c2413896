package io.github.yolox4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.image.Picture;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Data sets in YOLO layout: {@code data.yaml} with class names and folders of images, and beside
 * each {@code images} folder a {@code labels} folder with a text file per image, whose lines are
 * class, centre x, centre y, width, height as shares of the picture. The pictures are opened for
 * their size.
 */
final class YoloLayout {

  static final String DESCRIPTION = "data.yaml";

  /** What some call the split val. */
  static final String VALID = "valid";

  private YoloLayout() {}

  static Dataset open(Path description, String split) {
    JsonNode root = DataFile.read(description);
    Path folder = description.toAbsolutePath().getParent().resolve(root.path("path").asText(""));
    List<Path> places = places(description, folder, root, split);
    Path images =
        places.size() == 1 && Files.isDirectory(places.getFirst())
            ? places.getFirst()
            : folder.normalize();
    List<String> names = names(description, root.path("names"));
    GroundTruthBuilder builder = new GroundTruthBuilder("%s (%s)".formatted(description, split));
    for (int k = 0; k < names.size(); k++) {
      builder.addCategory(new GroundTruth.Category(k, names.get(k)));
    }
    List<Labelled> pictures =
        places.stream().flatMap(place -> pictures(place).stream()).toList().parallelStream()
            .map(file -> read(file, labels(file)))
            .toList();
    for (Labelled picture : pictures) {
      add(builder, picture, images, names.size());
    }
    return new Dataset(builder.build(), images);
  }

  /** What holds a split's images: folders, and text files that list them. */
  private static List<Path> places(Path description, Path folder, JsonNode root, String split) {
    JsonNode node = split.equals("val") && !root.has(split) ? root.path(VALID) : root.path(split);
    List<Path> places = new ArrayList<>();
    for (JsonNode place : node.isTextual() ? List.of(node) : node) {
      places.add(folder.resolve(place.asText()).normalize());
    }
    if (places.isEmpty()) {
      throw new YoloxException(
          "%s: '%s' is missing; expected the folder of its images".formatted(description, split));
    }
    return places;
  }

  private static List<Path> pictures(Path place) {
    try {
      if (Files.isRegularFile(place)) {
        Path folder = place.getParent();
        return Files.readAllLines(place).stream()
            .filter(line -> !line.isBlank())
            .map(line -> ContainedPath.resolve(folder, line.strip()))
            .toList();
      }
      try (Stream<Path> files = Files.walk(place)) {
        return files
            .filter(file -> Files.isRegularFile(file) && Picture.named(file))
            .sorted()
            .toList();
      }
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(place, FileFailure.reason(e)), e);
    }
  }

  private static List<String> names(Path description, JsonNode node) {
    List<String> names = new ArrayList<>();
    node.elements().forEachRemaining(name -> names.add(name.asText()));
    if (names.isEmpty()) {
      throw new YoloxException(
          "%s: 'names' is missing; expected the classes".formatted(description));
    }
    return names;
  }

  /** A picture with its lines of labels. */
  private record Labelled(Path file, Path labels, int width, int height, List<String> lines) {}

  private static Labelled read(Path file, Path labels) {
    try (Picture picture = Picture.read(file)) {
      List<String> lines = Files.exists(labels) ? Files.readAllLines(labels) : List.of();
      return new Labelled(file, labels, picture.width(), picture.height(), lines);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(labels, e.getMessage()), e);
    }
  }

  /** Replaces the last folder called images by labels, and the extension by .txt. */
  private static Path labels(Path image) {
    String name = image.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String text = (dot < 0 ? name : name.substring(0, dot)) + ".txt";
    Path images = image.getParent();
    while (images != null && !images.endsWith("images")) {
      images = images.getParent();
    }
    return images == null
        ? image.resolveSibling(text)
        : images.resolveSibling("labels").resolve(images.relativize(image)).resolveSibling(text);
  }

  private static void add(GroundTruthBuilder builder, Labelled picture, Path images, int classes) {
    String name = images.relativize(picture.file()).toString().replace(File.separatorChar, '/');
    ImageId id = new ImageId.OfText(name);
    builder.addImage(new GroundTruth.Image(id, name, picture.width(), picture.height()));
    int number = 0;
    for (String line : picture.lines()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] fields = line.strip().split("\\s+", -1);
      try {
        int category = Integer.parseInt(fields[0]);
        if (fields.length < 5 || category < 0 || category >= classes) {
          throw new NumberFormatException();
        }
        double width = Double.parseDouble(fields[3]) * picture.width();
        double height = Double.parseDouble(fields[4]) * picture.height();
        double left = Double.parseDouble(fields[1]) * picture.width() - width / 2;
        double top = Double.parseDouble(fields[2]) * picture.height() - height / 2;
        builder.addObject(id, category, left, top, width, height, false);
      } catch (NumberFormatException e) {
        throw new YoloxException(
            "%s line %d is '%s'; expected a class from 0 to %d and four numbers"
                .formatted(picture.labels(), number, line.strip(), classes - 1),
            e);
      }
    }
  }
}
