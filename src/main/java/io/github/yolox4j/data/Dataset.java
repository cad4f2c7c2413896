package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Images with their ground truth.
 *
 * @param truth the ground truth
 * @param images the folder that the images' file names are relative to
 */
public record Dataset(GroundTruth truth, Path images) {

  /**
   * Opens a split of a data set: a folder in COCO, VOC or YOLO layout, or a YAML file that tells
   * where images and annotations are.
   *
   * @param data the folder or file
   * @param split such as {@code val}
   * @return the split
   * @throws YoloxException if the layout is not recognised or a file is missing or damaged
   */
  public static Dataset open(Path data, String split) {
    Dataset opened = read(data, split);
    if (opened.truth.images().isEmpty()) {
      throw new YoloxException("%s has no images".formatted(opened.truth.source()));
    }
    return opened;
  }

  /**
   * Lists the splits that a data set has.
   *
   * @param data the folder or file
   * @return their names for {@link #open}, training first; those of other uses by name
   * @throws YoloxException if the layout is not recognised
   */
  public static List<String> splits(Path data) {
    return Splits.of(data);
  }

  /**
   * Returns the classes.
   *
   * @return their names in the order of the categories
   */
  public List<String> classNames() {
    return truth.categories().stream().map(GroundTruth.Category::name).toList();
  }

  private static Dataset read(Path data, String split) {
    if (Files.isRegularFile(data)) {
      return DataFile.open(data, split);
    }
    if (!Files.isDirectory(data)) {
      throw new YoloxException("Data set %s does not exist".formatted(data));
    }
    if (Files.isDirectory(data.resolve("Annotations"))) {
      return voc(data, split);
    }
    if (Files.isRegularFile(data.resolve(YoloLayout.DESCRIPTION))) {
      return YoloLayout.open(data.resolve(YoloLayout.DESCRIPTION), split);
    }
    return coco(data, split);
  }

  /** A split in VOC layout. */
  static Dataset voc(Path folder, String split) {
    return new Dataset(VocDataset.read(folder, split), folder.resolve(VocDataset.IMAGE_FOLDER));
  }

  private static Dataset coco(Path folder, String split) {
    GroundTruth truth = GroundTruth.read(annotations(folder, split));
    List<Path> folders =
        Stream.of("images/" + split, "images/" + split + "2017", split, split + "2017", "images")
            .map(folder::resolve)
            .toList();
    for (Path images : folders) {
      // one image may be missing, and a check will say so
      boolean some = truth.images().stream().anyMatch(image -> Files.exists(image.in(images)));
      if (truth.images().isEmpty() || some) {
        return new Dataset(truth, images);
      }
    }
    throw new YoloxException(
        "Data set %s: image %s is in none of %s"
            .formatted(folder, truth.images().getFirst().fileName(), folders));
  }

  /** The annotation files of a data set in COCO layout, sorted. */
  static List<Path> annotationFiles(Path folder) {
    Path annotations = folder.resolve("annotations");
    Path place = Files.isDirectory(annotations) ? annotations : folder;
    try (Stream<Path> entries = Files.list(place)) {
      return entries.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be read: %s".formatted(place, FileFailure.reason(e)), e);
    }
  }

  /** The annotation file of a split, or the only one there is. */
  private static Path annotations(Path folder, String split) {
    List<Path> files = annotationFiles(folder);
    List<Path> ofSplit =
        files.stream()
            .filter(f -> f.getFileName().toString().contains(split))
            .filter(f -> files.size() == 1 || Splits.instances(f))
            .toList();
    if (ofSplit.size() == 1) {
      return ofSplit.getFirst();
    }
    if (files.size() == 1) {
      return files.getFirst();
    }
    throw new YoloxException(
        files.isEmpty()
            ? "Data set %s is in no known layout; expected annotations/*.json, Annotations/*.xml or data.yaml"
                .formatted(folder)
            : "Data set %s has %d annotation files for the split '%s'; expected one of %s"
                .formatted(folder, ofSplit.size(), split, files));
  }
}
