package io.github.yolox4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.files.TextFile;
import io.github.yolox4j.image.Picture;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Data sets in YOLO layout: {@code data.yaml} with class names and folders of images, and beside
 * each {@code images} folder a {@code labels} folder with a text file per image, whose lines are
 * class, centre x, centre y, width, height as shares of the picture, or class and the points of an
 * outline. The pictures are opened for their size.
 */
final class YoloLayout implements DatasetLayout {

  private static final String DESCRIPTION = "data.yaml";

  private static final Pattern ID = Pattern.compile("\\d{1,9}");

  /** What other programs write among pictures. */
  private static final Set<String> BESIDE_IMAGES =
      Set.of("txt", "json", "xml", "yaml", "csv", "cache", "npy", "md", "ini", "db");

  /** Texts that are no labels. */
  private static final Set<String> NO_LABELS =
      Set.of("classes.txt", "train.txt", "val.txt", "test.txt");

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
  public Dataset open(Path folder, String split, Faults faults) {
    return open(DatasetDescription.read(folder.resolve(DESCRIPTION)), split, faults);
  }

  @Override
  public Dataset open(DatasetDescription description, String split, Faults faults) {
    List<Path> places = places(description, split);
    Path images =
        places.size() == 1 && Files.isDirectory(places.getFirst())
            ? places.getFirst()
            : description.folder().normalize();
    Map<Long, String> names = names(description, faults);
    GroundTruthBuilder builder =
        new GroundTruthBuilder("%s (%s)".formatted(description.file(), split));
    names.forEach((id, name) -> builder.addCategory(new GroundTruth.Category(id, name)));
    List<Path> files = new ArrayList<>();
    places.forEach(place -> files.addAll(pictures(place, faults)));
    List<Labelled> pictures =
        files.parallelStream().map(file -> Labelled.read(file, labels(file))).toList();
    Set<Path> used = new HashSet<>();
    for (Labelled picture : pictures) {
      used.add(picture.labels());
      add(builder, picture, images, names.keySet(), faults);
    }
    reportUnused(used, faults);
    return new Dataset(builder.build(faults), images);
  }

  /** What holds a split's images: folders, and text files that list them. */
  private static List<Path> places(DatasetDescription description, String split) {
    JsonNode node = description.split(split);
    List<Path> places = new ArrayList<>();
    for (JsonNode place : node.isTextual() ? List.of(node) : node) {
      if (!place.isTextual() || !(node.isTextual() || node.isArray())) {
        throw description.wrong(split, node, "the folder of its images, or a list of folders");
      }
      places.add(description.place(place.asText()));
    }
    if (places.isEmpty()) {
      throw description.missing(split, "the folder of its images");
    }
    return places;
  }

  private static List<Path> pictures(Path place, Faults faults) {
    if (Files.isRegularFile(place)) {
      return DatasetLayout.lines(place).stream().map(line -> listed(place, line)).toList();
    }
    List<Path> pictures = new ArrayList<>();
    for (Path file : DatasetLayout.files(place, Integer.MAX_VALUE)) {
      if (Picture.named(file)) {
        pictures.add(file);
      } else if (!BESIDE_IMAGES.contains(Extension.of(file))) {
        faults.found(FindingKind.UNKNOWN_FILE, file.toString());
      }
    }
    return pictures;
  }

  /** A file of a list, whose names may be absolute as long as they stay in the list's folder. */
  private static Path listed(Path list, String name) {
    Path folder = list.toAbsolutePath().normalize().getParent();
    String prefix = folder + File.separator;
    return ContainedPath.resolve(
        folder, name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  /** The names of the classes by their ids: a list, or a map whose keys may have gaps. */
  private static Map<Long, String> names(DatasetDescription description, Faults faults) {
    JsonNode node = description.root().path("names");
    Map<Long, String> names = new TreeMap<>();
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> name : node.properties()) {
        if (!ID.matcher(name.getKey()).matches()) {
          throw description.wrong("names", name.getKey(), "whole numbers before the names");
        }
        names.put(Long.valueOf(name.getKey()), name.getValue().asText());
      }
    } else {
      node.forEach(name -> names.put((long) names.size(), name.asText()));
    }
    if (names.isEmpty()) {
      throw description.missing("names", "the classes");
    }
    JsonNode count = description.root().path("nc");
    if (count.isNumber() && count.asLong() != names.size()) {
      faults.found(
          FindingKind.DIFFERENT_CLASS_COUNT,
          "%s: nc is %d, names has %d".formatted(description.file(), count.asLong(), names.size()));
    }
    return names;
  }

  /** A picture with its lines of labels, or why it cannot be read. */
  private record Labelled(
      Path file,
      Path labels,
      int width,
      int height,
      Optional<List<String>> lines,
      FindingKind wrong,
      String why) {

    static Labelled read(Path file, Path labels) {
      FindingKind step = FindingKind.UNREADABLE_IMAGE;
      try (Picture picture = Picture.read(file)) {
        step = FindingKind.BAD_LABEL;
        Optional<List<String>> lines =
            Files.exists(labels) ? Optional.of(TextFile.lines("", labels)) : Optional.empty();
        return new Labelled(file, labels, picture.width(), picture.height(), lines, null, "");
      } catch (YoloxException e) {
        return new Labelled(file, labels, 0, 0, Optional.empty(), step, e.getMessage());
      }
    }
  }

  /** Replaces the last folder called images by labels, and the extension by .txt. */
  private static Path labels(Path image) {
    String text = DatasetLayout.stem(image.getFileName().toString()) + ".txt";
    Path images = image.getParent();
    while (images != null && !images.endsWith("images")) {
      images = images.getParent();
    }
    Path labels =
        images == null
            ? image.resolveSibling(text)
            : images
                .resolveSibling("labels")
                .resolve(images.relativize(image))
                .resolveSibling(text);
    Path capital = Extension.replace(labels, ".TXT");
    return !Files.exists(labels) && Files.exists(capital) ? capital : labels;
  }

  private static void add(
      GroundTruthBuilder builder,
      Labelled picture,
      Path images,
      Set<Long> categories,
      Faults faults) {
    if (picture.wrong() != null) {
      faults.found(picture.wrong(), picture.why());
      return;
    }
    String name = DatasetLayout.relative(images, picture.file());
    ImageId id = new ImageId.OfText(name);
    builder.addImage(new GroundTruth.Image(id, name, picture.width(), picture.height()));
    if (picture.lines().isEmpty()) {
      faults.found(FindingKind.NO_LABELS, picture.file().toString());
    }
    int number = 0;
    for (String line : picture.lines().orElse(List.of())) {
      number++;
      if (line.isEmpty()) {
        continue;
      }
      try {
        YoloLabels.Label label =
            YoloLabels.parse(line, picture.width(), picture.height(), categories);
        builder.add(id, label.category(), label.box());
      } catch (YoloxException e) {
        faults.found(
            FindingKind.BAD_LABEL,
            "%s line %d %s".formatted(picture.labels(), number, e.getMessage()));
      }
    }
  }

  /** Labels in the folders of those that have been read, whose pictures are not there. */
  private static void reportUnused(Set<Path> used, Faults faults) {
    Set<Path> folders = used.stream().map(Path::getParent).collect(Collectors.toSet());
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        DatasetLayout.files(folder, 1).stream()
            .filter(file -> Extension.of(file).equals("txt") && !used.contains(file))
            .filter(file -> !NO_LABELS.contains(file.getFileName().toString()))
            .forEach(file -> faults.found(FindingKind.LABELS_WITHOUT_IMAGE, file.toString()));
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
