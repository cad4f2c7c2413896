package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.TextFile;
import io.github.yolox4j.image.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Pictures with a text file of {@linkplain YoloLabels labels} each, in the folder called labels
 * beside that called images, or beside the picture. The pictures are opened for their size.
 */
final class YoloPictures {

  /** Texts that are no labels. */
  private static final Set<String> NO_LABELS =
      Set.of("classes.txt", "train.txt", "val.txt", "valid.txt", "test.txt");

  /** A picture with its lines of labels, or why it cannot be read. */
  private record Labelled(
      Path file,
      Path labels,
      int width,
      int height,
      Optional<List<String>> lines,
      FindingKind wrong,
      String why) {

    static Labelled read(Path file) {
      Path labels = labelsOf(file);
      FindingKind step = FindingKind.UNREADABLE_IMAGE;
      try (Picture picture = Picture.read(file)) {
        step = FindingKind.BAD_LABEL;
        Optional<List<String>> lines =
            Files.exists(labels) ? Optional.of(TextFile.lines("", labels)) : Optional.empty();
        return new Labelled(file, labels, picture.width(), picture.height(), lines, null, "");
      } catch (YoloxException e) {
        FindingKind wrong = Files.exists(file) ? step : FindingKind.MISSING_IMAGE;
        return new Labelled(file, labels, 0, 0, Optional.empty(), wrong, e.getMessage());
      }
    }
  }

  private YoloPictures() {}

  /**
   * Reads pictures with their labels.
   *
   * @param source what they are, for messages
   * @param images the folder that names begin in
   * @param files the pictures, in that folder
   */
  static Dataset read(
      String source,
      List<GroundTruth.Category> categories,
      Path images,
      List<Path> files,
      Faults faults) {
    GroundTruthBuilder builder = new GroundTruthBuilder(source);
    categories.forEach(builder::addCategory);
    Set<Long> ids = categories.stream().map(GroundTruth.Category::id).collect(Collectors.toSet());
    List<Labelled> pictures = files.parallelStream().map(Labelled::read).toList();
    pictures.forEach(picture -> add(builder, picture, images, ids, faults));
    if (faults.thorough()) {
      reportUnused(pictures, faults);
    }
    return new Dataset(builder.build(faults), images);
  }

  /** Replaces the last folder called images by labels, and the extension by .txt. */
  private static Path labelsOf(Path image) {
    String text = DatasetLayout.stem(image.getFileName().toString()) + ".txt";
    List<Path> places = new ArrayList<>();
    Path images = image.getParent();
    while (images != null && !images.endsWith("images")) {
      images = images.getParent();
    }
    if (images != null) {
      Path labels = images.resolveSibling("labels").resolve(images.relativize(image));
      places.add(labels.resolveSibling(text));
    }
    places.add(image.resolveSibling(text)); // the folder called images may be far above
    for (Path place : places) {
      for (Path file : List.of(place, Extension.replace(place, ".TXT"))) {
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    return places.getFirst();
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
  private static void reportUnused(List<Labelled> pictures, Faults faults) {
    Map<Path, Set<Path>> folders = new HashMap<>();
    Set<Path> used = new HashSet<>();
    for (Labelled picture : pictures) {
      used.add(picture.labels());
      folders
          .computeIfAbsent(picture.labels().getParent(), _ -> new HashSet<>())
          .add(picture.file().getParent());
    }
    folders.forEach(
        (labels, images) -> {
          List<Path> unused =
              files(labels, faults).stream()
                  .filter(file -> Extension.of(file).equals("txt") && !used.contains(file))
                  .filter(file -> !NO_LABELS.contains(file.getFileName().toString()))
                  .toList();
          // other splits may have theirs in the same folders
          Set<String> pictured = unused.isEmpty() ? Set.of() : pictured(images, faults);
          unused.stream()
              .filter(file -> !pictured.contains(stem(file)))
              .forEach(file -> faults.found(FindingKind.LABELS_WITHOUT_IMAGE, file.toString()));
        });
  }

  /** The names of the pictures in folders, without extensions. */
  private static Set<String> pictured(Set<Path> folders, Faults faults) {
    return folders.stream()
        .flatMap(folder -> files(folder, faults).stream())
        .filter(Picture::named)
        .map(YoloPictures::stem)
        .collect(Collectors.toSet());
  }

  private static List<Path> files(Path folder, Faults faults) {
    return Files.isDirectory(folder) ? DatasetLayout.files(folder, 1, faults) : List.of();
  }

  private static String stem(Path file) {
    return DatasetLayout.stem(file.getFileName().toString());
  }

  /** Writes the labels of a split's pictures; what is ignored is left out. */
  static void write(Path labels, GroundTruth truth) {
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

  /** What {@link #write} leaves out, as a sentence. */
  static Optional<String> loss(int ignored) {
    return ignored == 0
        ? Optional.empty()
        : Optional.of("%d crowds and ignored objects are left out".formatted(ignored));
  }
}
