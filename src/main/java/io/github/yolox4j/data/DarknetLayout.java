package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Data sets in Darknet's layout, which CVAT calls YOLO 1.1: {@code obj.data} names the file of the
 * classes and for each split a list of pictures, whose labels lie beside them.
 */
final class DarknetLayout implements DatasetLayout {

  private static final String NAMES = "names";
  private static final String COUNT = "classes";
  private static final String NAME_FILE = "obj.names";

  /** What paths begin with: Darknet starts in the folder above. */
  private static final String ROOT = "data/";

  @Override
  public String sign() {
    return DarknetData.FILE;
  }

  @Override
  public boolean hasSign(Path folder) {
    return Files.isRegularFile(folder.resolve(DarknetData.FILE));
  }

  @Override
  public List<String> splits(Path folder) {
    DarknetData data = DarknetData.read(folder);
    return Dataset.SPLIT_KEYS.stream()
        .filter(key -> data.value(key).isPresent())
        .map(Dataset::split)
        .distinct()
        .toList();
  }

  @Override
  public Dataset open(Path folder, String split, Faults faults) {
    DarknetData data = DarknetData.read(folder);
    String key = data.value(split).isPresent() ? split : key(split);
    Path list = data.file(key, "the list of its pictures");
    Path names = data.file(NAMES, "the file of the classes");
    List<GroundTruth.Category> classes = new ArrayList<>();
    for (String name : DatasetLayout.lines(names)) {
      classes.add(new GroundTruth.Category(classes.size(), name));
    }
    if (classes.isEmpty()) {
      throw new YoloxException("%s has no classes".formatted(names));
    }
    data.value(COUNT)
        .filter(count -> !count.equals(Integer.toString(classes.size())))
        .ifPresent(
            count ->
                faults.found(
                    FindingKind.DIFFERENT_CLASS_COUNT,
                    "%s: %s is %s, %s has %d"
                        .formatted(
                            data.file(),
                            COUNT,
                            DatasetLayout.shown(count),
                            names.getFileName(),
                            classes.size())));
    List<Path> pictures = DatasetLayout.lines(list).stream().map(data::inside).toList();
    return YoloPictures.read(list.toString(), classes, data.folder(), pictures, faults);
  }

  private static String key(String split) {
    return split.equals("val") ? DatasetDescription.VALID : split;
  }

  @Override
  public Path images(Path folder, String split) {
    return folder.resolve("obj_%s_data".formatted(key(split)));
  }

  @Override
  public void write(Path folder, String split, GroundTruth truth) {
    Path images = images(folder, split);
    YoloPictures.write(images, truth);
    DatasetLayout.writeLines(
        folder.resolve(key(split) + ".txt"),
        truth.images().stream()
            .map(image -> ROOT + DatasetLayout.relative(folder, image.in(images)))
            .toList());
  }

  @Override
  public void finish(Path folder, List<String> splits, List<String> classNames) {
    DatasetLayout.writeNames(folder.resolve(NAME_FILE), classNames);
    List<String> lines = new ArrayList<>();
    lines.add("%s = %d".formatted(COUNT, classNames.size()));
    splits.forEach(split -> lines.add("%1$s = %2$s%1$s.txt".formatted(key(split), ROOT)));
    lines.add("%s = %s%s".formatted(NAMES, ROOT, NAME_FILE));
    lines.add("backup = backup/");
    DatasetLayout.writeLines(folder.resolve(DarknetData.FILE), lines);
  }

  @Override
  public Optional<String> loss(int ignored) {
    return YoloPictures.loss(ignored);
  }
}
