package io.github.yolox4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Data sets in YOLO layout: {@code data.yaml} with class names and folders of images, and beside
 * each {@code images} folder a {@code labels} folder with a text file per image, whose lines are
 * class, centre x, centre y, width, height as shares of the picture. The pictures are opened for
 * their size.
 */
final class YoloLayout implements DatasetLayout {

  private static final String DESCRIPTION = "data.yaml";

  @Override
  public String sign() {
    return DESCRIPTION;
  }

  @Override
  public boolean recognises(Path folder) {
    return Files.isRegularFile(folder.resolve(DESCRIPTION));
  }

  @Override
  public List<String> splits(Path folder) {
    return DatasetDescription.read(folder.resolve(DESCRIPTION)).splits();
  }

  @Override
  public Dataset open(Path folder, String split) {
    return open(DatasetDescription.read(folder.resolve(DESCRIPTION)), split);
  }

  @Override
  public Dataset open(DatasetDescription description, String split) {
    List<Path> places = places(description, split);
    Path images =
        places.size() == 1 && Files.isDirectory(places.getFirst())
            ? places.getFirst()
            : description.folder().normalize();
    List<String> names = names(description);
    GroundTruthBuilder builder =
        new GroundTruthBuilder("%s (%s)".formatted(description.file(), split));
    builder.addCategories(names);
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
  private static List<Path> places(DatasetDescription description, String split) {
    JsonNode node = description.split(split);
    List<Path> places = new ArrayList<>();
    for (JsonNode place : node.isTextual() ? List.of(node) : node) {
      places.add(description.folder().resolve(place.asText()).normalize());
    }
    if (places.isEmpty()) {
      throw description.missing(split, "the folder of its images");
    }
    return places;
  }

  private static List<Path> pictures(Path place) {
    if (!Files.isRegularFile(place)) {
      return DatasetLayout.files(place, Integer.MAX_VALUE).stream().filter(Picture::named).toList();
    }
    return DatasetLayout.lines(place).stream()
        .map(line -> ContainedPath.resolve(place.getParent(), line))
        .toList();
  }

  private static List<String> names(DatasetDescription description) {
    List<String> names = new ArrayList<>();
    description.root().path("names").forEach(name -> names.add(name.asText()));
    if (names.isEmpty()) {
      throw description.missing("names", "the classes");
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
    String text = DatasetLayout.stem(image.getFileName().toString()) + ".txt";
    Path images = image.getParent();
    while (images != null && !images.endsWith("images")) {
      images = images.getParent();
    }
    return images == null
        ? image.resolveSibling(text)
        : images.resolveSibling("labels").resolve(images.relativize(image)).resolveSibling(text);
  }

  private static void add(GroundTruthBuilder builder, Labelled picture, Path images, int classes) {
    String name = DatasetLayout.relative(images, picture.file());
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
        builder.add(id, category, new BoundingBox(left, top, width, height));
      } catch (NumberFormatException e) {
        throw new YoloxException(
            "%s line %d is '%s'; expected a class from 0 to %d and four numbers"
                .formatted(picture.labels(), number, line.strip(), classes - 1),
            e);
      }
    }
  }

  @Override
  public Path images(Path folder, String split) {
    return folder.resolve("images").resolve(split);
  }

  @Override
  public void write(Path folder, String split, GroundTruth truth) {
    Path labels = NewFolder.made(folder.resolve("labels").resolve(split));
    for (int i = 0; i < truth.images().size(); i++) {
      GroundTruth.Image image = truth.images().get(i);
      List<String> lines =
          IntStream.range(truth.firstAnnotation(i), truth.firstAnnotation(i + 1))
              .filter(object -> !truth.ignored(object))
              .mapToObj(object -> line(truth.category(object), truth.box(object), image))
              .toList();
      DatasetLayout.writeLines(
          labels.resolve(DatasetLayout.stem(image.fileName()) + ".txt"), lines);
    }
  }

  private static String line(int category, BoundingBox box, GroundTruth.Image image) {
    return "%d %s %s %s %s"
        .formatted(
            category,
            (box.x() + box.width() / 2) / image.width(),
            (box.y() + box.height() / 2) / image.height(),
            box.width() / image.width(),
            box.height() / image.height());
  }

  @Override
  public void finish(Path folder, List<String> splits, List<String> classNames) {
    Map<String, Object> description = new LinkedHashMap<>();
    splits.forEach(split -> description.put(split, "images/" + split));
    description.put("names", classNames);
    AtomicFile.write(
        folder.resolve(DESCRIPTION),
        out -> out.write(new YAMLMapper().writeValueAsBytes(description)));
  }

  @Override
  public Optional<String> loss(int ignored) {
    return ignored == 0
        ? Optional.empty()
        : Optional.of("%d crowds and ignored objects are left out".formatted(ignored));
  }
}
