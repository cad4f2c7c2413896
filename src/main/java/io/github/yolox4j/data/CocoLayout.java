package io.github.yolox4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.NewFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Data sets in COCO layout: {@code annotations/*.json} beside folders of images, or, as other
 * programs write them, a JSON file in the folder of each split's images or beside all images.
 */
final class CocoLayout implements DatasetLayout {

  private static final String ANNOTATION_FOLDER = "annotations";

  /** The extension of annotations. */
  private static final String ANNOTATION = "json";

  @Override
  public String sign() {
    return "annotations/*.json, SPLIT/*.json";
  }

  @Override
  public boolean hasSign(Path folder) {
    Path annotations = folder.resolve(ANNOTATION_FOLDER);
    return Files.isDirectory(annotations) && DatasetLayout.holds(annotations, ANNOTATION);
  }

  @Override
  public boolean recognises(Path folder) {
    return places(folder).stream().anyMatch(place -> DatasetLayout.holds(place, ANNOTATION));
  }

  @Override
  public List<String> splits(Path folder) {
    return annotationFiles(folder).stream()
        .filter(CocoLayout::instances)
        .map(file -> split(folder, file))
        .distinct()
        .toList();
  }

  /** A file in a folder of a split is of that split, others have its name in theirs. */
  private static String split(Path folder, Path file) {
    Optional<String> own =
        DatasetLayout.splitFolders(folder).stream()
            .filter(each -> each.path().equals(file.getParent()))
            .map(SplitFolder::split)
            .findFirst();
    return own.orElseGet(
        () ->
            DatasetLayout.stem(file.getFileName().toString())
                .replaceFirst("^instances_", "")
                .replaceFirst("2017$", ""));
  }

  @Override
  public Dataset open(Path folder, String split, Faults faults) {
    Path annotations = annotations(folder, split);
    GroundTruth truth = CocoInstancesReader.read(annotations, faults);
    List<Path> folders =
        Stream.of(
                "images/" + split,
                "images/" + split + "2017",
                split,
                split + "2017",
                "images",
                "data",
                "")
            .map(folder::resolve)
            .toList();
    List<Path> places =
        annotations.getParent().equals(folder)
                || annotations.getParent().endsWith(ANNOTATION_FOLDER)
            ? folders
            : List.of(annotations.getParent());
    for (Path images : places) {
      // one image may be missing, and a check will say so
      boolean some = truth.images().stream().anyMatch(image -> Files.exists(image.in(images)));
      if (truth.images().isEmpty() || some) {
        return new Dataset(truth, images);
      }
    }
    throw new YoloxException(
        "Data set %s: image %s is in none of %s"
            .formatted(folder, truth.images().getFirst().fileName(), places));
  }

  @Override
  public Dataset open(DatasetDescription description, String split, Faults faults) {
    return new Dataset(
        CocoInstancesReader.read(path(description, split, "annotations"), faults),
        path(description, split, "images"));
  }

  private static Path path(DatasetDescription description, String split, String key) {
    JsonNode value = description.root().path(split).path(key);
    if (!value.isTextual()) {
      throw description.missing(split + "." + key, "a path");
    }
    return description.beside(value.asText());
  }

  /** The folders that annotations may be in. */
  private static List<Path> places(Path folder) {
    Path annotations = folder.resolve(ANNOTATION_FOLDER);
    List<Path> places = new ArrayList<>();
    if (Files.isDirectory(annotations)) {
      places.add(annotations);
    } else {
      places.add(folder);
      DatasetLayout.splitFolders(folder).forEach(each -> places.add(each.path()));
    }
    return places;
  }

  /** The annotation files, sorted. */
  private static List<Path> annotationFiles(Path folder) {
    return places(folder).stream()
        .flatMap(place -> DatasetLayout.files(place, ANNOTATION).stream())
        .toList();
  }

  /** Tells whether a file is about boxes, not about the same images' texts and joints. */
  private static boolean instances(Path file) {
    String name = file.getFileName().toString();
    return !name.contains("keypoints") && !name.contains("captions");
  }

  /** The annotation file of a split, or the only one there is. */
  private static Path annotations(Path folder, String split) {
    List<Path> files = annotationFiles(folder);
    if (files.size() == 1) {
      return files.getFirst();
    }
    List<Path> ofSplit =
        files.stream().filter(f -> split(folder, f).contains(split) && instances(f)).toList();
    if (ofSplit.size() != 1) {
      throw new YoloxException(
          "Data set %s has %d annotation files for the split '%s'; expected one of %s"
              .formatted(folder, ofSplit.size(), split, files));
    }
    return ofSplit.getFirst();
  }

  @Override
  public Path images(Path folder, String split) {
    return folder.resolve("images").resolve(split);
  }

  @Override
  public void write(Path folder, String split, GroundTruth truth) {
    CocoInstancesWriter.write(
        NewFolder.made(folder.resolve(ANNOTATION_FOLDER))
            .resolve("instances_%s.json".formatted(split)),
        truth);
  }
}
