package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Images with their ground truth.
 *
 * @param truth the ground truth
 * @param images the folder that the images' file names are relative to
 */
public record Dataset(GroundTruth truth, Path images) {

  /** The usual splits in their order. */
  static final List<String> SPLITS = List.of("train", "val", "test");

  /** What data sets call them. */
  static final List<String> SPLIT_KEYS = List.of("train", "val", DatasetDescription.VALID, "test");

  /** Of VOC: the others again, together. */
  private static final String UNION = "trainval";

  /**
   * Opens a split of a data set: a folder in one of the layouts of {@link DatasetFormat}, or a YAML
   * file that tells where images and annotations are.
   *
   * @param data the folder or file
   * @param split such as {@code val}
   * @return the split
   * @throws YoloxException if the layout is not recognised or a file is missing or damaged
   */
  public static Dataset open(Path data, String split) {
    return open(data, split, Faults.ENDING);
  }

  /**
   * Opens a split without what the faults allow to leave out.
   *
   * @param data the folder or file
   * @param split such as {@code val}
   * @param faults is told what is wrong
   * @return the split
   * @throws YoloxException if the layout is not recognised or a file is missing or damaged
   */
  public static Dataset open(Path data, String split, Faults faults) {
    Dataset opened =
        Files.isRegularFile(data)
            ? DatasetDescription.read(data).open(split, faults)
            : layout(data).open(data, split, faults);
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
    Set<String> names =
        new TreeSet<>(
            Files.isRegularFile(data)
                ? DatasetDescription.read(data).splits()
                : layout(data).splits(data));
    if (names.contains("train") && names.contains("val")) {
      names.remove(UNION);
    }
    if (names.isEmpty()) {
      throw new YoloxException("Data set %s has no splits".formatted(data));
    }
    return names.stream().sorted(Comparator.comparingInt(Dataset::rank)).toList();
  }

  /** The split of what a data set calls it. */
  static String split(String key) {
    return key.equals(DatasetDescription.VALID) ? "val" : key;
  }

  private static int rank(String split) {
    int rank = SPLITS.indexOf(split);
    return rank < 0 ? SPLITS.size() : rank;
  }

  private static DatasetLayout layout(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new YoloxException("Data set %s does not exist".formatted(folder));
    }
    return DatasetFormat.layout(folder);
  }

  /**
   * {@return the files that are read of this: the images and, if it is one, the annotations' file}
   */
  public Stream<Path> files() {
    return Stream.concat(
        Stream.of(Path.of(truth.source())), truth.images().stream().map(image -> image.in(images)));
  }

  /** {@return the names of the classes, in the order of the categories} */
  public List<String> classNames() {
    return truth.categories().stream().map(GroundTruth.Category::name).toList();
  }
}
