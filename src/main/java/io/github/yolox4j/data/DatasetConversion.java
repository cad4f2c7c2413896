package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.ContainedPath;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.files.UnfinishedFolder;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Writes a data set in another layout, with copies of its pictures. Boxes, classes and their order
 * are kept; {@link DatasetFormat} tells what a layout cannot hold. Files of equal names in several
 * splits or subfolders get different ones.
 */
public final class DatasetConversion {

  private final Map<String, Dataset> splits = new LinkedHashMap<>();
  private final List<String> classNames;

  /**
   * Opens the data set.
   *
   * @param data the folder or file, as in {@link Dataset#open}
   * @param splits which parts, at least one
   * @throws YoloxException if a split cannot be read or splits have different classes
   */
  public DatasetConversion(Path data, List<String> splits) {
    splits.forEach(split -> this.splits.put(split, Dataset.open(data, split)));
    classNames = this.splits.get(splits.getFirst()).classNames();
    this.splits.forEach(
        (split, set) -> {
          if (!set.classNames().equals(classNames)) {
            throw new YoloxException(
                "Data set %s: the splits %s and %s have different classes"
                    .formatted(data, splits.getFirst(), split));
          }
        });
  }

  /** {@return how many images there are in all splits} */
  public int images() {
    return splits.values().stream().mapToInt(set -> set.truth().images().size()).sum();
  }

  /**
   * Writes the data set. None of its files has its name before all are written.
   *
   * @param format the layout
   * @param folder where to; files of the same names are replaced
   * @param progress is told how many images are done
   * @return what was lost, a sentence each
   * @throws YoloxException if an image is missing, a file cannot be written, another run writes
   *     into the folder or it has to do with the images' own
   */
  public List<String> write(DatasetFormat format, Path folder, IntConsumer progress) {
    splits.values().forEach(set -> requireApart(folder, set.images()));
    try (UnfinishedFolder unfinished = new UnfinishedFolder(folder)) {
      List<String> losses = write(format.layout(), unfinished.temporary(), progress);
      unfinished.commit();
      return losses;
    }
  }

  private List<String> write(DatasetLayout layout, Path folder, IntConsumer progress) {
    Set<Path> taken = new HashSet<>();
    List<String> losses = new ArrayList<>();
    int done = 0;
    for (Map.Entry<String, Dataset> entry : splits.entrySet()) {
      String split = entry.getKey();
      GroundTruth original = entry.getValue().truth();
      Path images = NewFolder.made(layout.images(folder, split));
      GroundTruth truth = renamed(entry.getValue(), split, images, taken);
      for (int i = 0; i < truth.images().size(); i++) {
        Path target = truth.images().get(i).in(images);
        copy(fileOf(entry.getValue(), i), target);
        progress.accept(++done);
      }
      layout.write(folder, split, truth);
      int ignored = (int) IntStream.range(0, original.size()).filter(original::ignored).count();
      layout.loss(ignored).ifPresent(loss -> losses.add(split + ": " + loss));
    }
    layout.finish(folder, List.copyOf(splits.keySet()), classNames);
    return losses;
  }

  private static void requireApart(Path folder, Path images) {
    try {
      Path target = real(folder.toAbsolutePath().normalize());
      Path source = images.toRealPath();
      if (target.startsWith(source) || source.startsWith(target)) {
        throw new YoloxException(
            "%s is read from; expected a folder apart from %s".formatted(folder, images));
      }
    } catch (IOException e) {
      throw new YoloxException("Folder %s cannot be found".formatted(images), e);
    }
  }

  /** Where a folder lies, or would if it were made. */
  private static Path real(Path folder) throws IOException {
    return Files.exists(folder)
        ? folder.toRealPath()
        : real(folder.getParent()).resolve(folder.getFileName());
  }

  private static Path fileOf(Dataset set, int image) {
    return set.truth().images().get(image).in(set.images());
  }

  /** The same with numbers for ids and with flat file names that are free in the new folder. */
  private static GroundTruth renamed(Dataset set, String split, Path images, Set<Path> taken) {
    GroundTruth truth = set.truth();
    boolean numbered =
        truth.images().stream().allMatch(image -> image.id() instanceof ImageId.OfNumber);
    GroundTruthBuilder builder = new GroundTruthBuilder(truth.source());
    truth.categories().forEach(builder::addCategory);
    for (int i = 0; i < truth.images().size(); i++) {
      GroundTruth.Image image = truth.images().get(i);
      ImageId id = numbered ? image.id() : new ImageId.OfNumber(i + 1);
      builder.addImage(sized(set, i, id, free(image.fileName(), split, images, taken)));
      for (int a = truth.firstAnnotation(i); a < truth.firstAnnotation(i + 1); a++) {
        int flags = truth.crowd(a) ? GroundTruth.CROWD : truth.ignored(a) ? GroundTruth.IGNORED : 0;
        long category = truth.categories().get(truth.category(a)).id();
        builder.add(id, category, truth.box(a), truth.area(a), flags, 0);
      }
    }
    return builder.build();
  }

  private static GroundTruth.Image sized(Dataset set, int index, ImageId id, String name) {
    GroundTruth.Image image = set.truth().images().get(index);
    if (image.width() > 0 && image.height() > 0) {
      return new GroundTruth.Image(id, name, image.width(), image.height());
    }
    try (Picture picture = Picture.read(fileOf(set, index))) {
      return new GroundTruth.Image(id, name, picture.width(), picture.height());
    }
  }

  /** Images whose names differ only in their extension would share an annotation file. */
  private static String free(String fileName, String split, Path images, Set<Path> taken) {
    String name = fileName.replaceAll("[/\\\\]+", "_");
    String stem = DatasetLayout.stem(name);
    String extension = name.substring(stem.length());
    String free = stem;
    for (int i = 1; !taken.add(ContainedPath.resolve(images, free)); i++) {
      free = i == 1 ? split + "_" + stem : "%s_%s-%d".formatted(split, stem, i);
    }
    return free + extension;
  }

  private static void copy(Path from, Path to) {
    if (!Files.isRegularFile(from)) {
      throw new YoloxException("Picture %s does not exist".formatted(from));
    }
    AtomicFile.write(to, out -> Files.copy(from, out));
  }
}
