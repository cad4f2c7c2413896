package io.github.yolox4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.Picture;
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

  private YoloLayout() {}

  static Dataset open(Path description, String split) {
    JsonNode root = DataFile.read(description);
    Path folder = description.toAbsolutePath().getParent().resolve(root.path("path").asText(""));
    if (!root.path(split).isTextual()) {
      throw new YoloxException(
          "%s: '%s' is missing; expected the folder of its images".formatted(description, split));
    }
    Path images = folder.resolve(root.path(split).asText()).normalize();
    List<String> names = names(description, root.path("names"));
    GroundTruthBuilder builder = new GroundTruthBuilder(images.toString());
    for (int k = 0; k < names.size(); k++) {
      builder.addCategory(new GroundTruth.Category(k, names.get(k)));
    }
    List<Labelled> pictures;
    try (Stream<Path> files = Files.walk(images)) {
      pictures =
          files.filter(Files::isRegularFile).sorted().toList().parallelStream()
              .map(file -> read(file, labels(file)))
              .toList();
    } catch (IOException e) {
      throw new YoloxException("Folder %s cannot be read: %s".formatted(images, e.getMessage()), e);
    }
    for (Labelled picture : pictures) {
      add(builder, picture, images, names.size());
    }
    return new Dataset(builder.build(), images);
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
    String path = image.toString();
    int at = path.lastIndexOf("/images/");
    String moved =
        at < 0
            ? path
            : path.substring(0, at) + "/labels/" + path.substring(at + "/images/".length());
    return Path.of(
        moved.substring(0, moved.lastIndexOf('.') < 0 ? moved.length() : moved.lastIndexOf('.'))
            + ".txt");
  }

  private static void add(GroundTruthBuilder builder, Labelled picture, Path images, int classes) {
    String name = images.relativize(picture.file()).toString();
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
