package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The layouts of data sets, in the order in which a folder is asked for them. */
public enum DatasetFormat {
  /**
   * {@code Annotations}, {@code ImageSets/Main}, {@code JPEGImages} and the classes in {@code
   * classes.txt}. Crowds become difficult objects; areas are those of the boxes.
   */
  VOC(new VocLayout()),
  /**
   * {@code data.yaml}, {@code images/SPLIT} and {@code labels/SPLIT}. Crowds and ignored objects
   * are left out; areas are those of the boxes.
   */
  YOLO(new YoloLayout()),
  /**
   * {@code obj.data} and {@code obj.names}, for each split a list and a folder of pictures with
   * their labels. Crowds and ignored objects are left out; areas are those of the boxes.
   */
  DARKNET(new DarknetLayout()),
  /** {@code annotations/instances_SPLIT.json} and {@code images/SPLIT}. Holds everything. */
  COCO(new CocoLayout());

  /** The formats' keys, for people. */
  public static final String KEYS = "coco, darknet, voc or yolo";

  /** Where a data set may be, for people. */
  public static final String PLACES =
      "a folder in COCO, Darknet, VOC or YOLO layout, or a YAML file";

  private static final int SHOWN = 8;

  private final DatasetLayout layout;

  DatasetFormat(DatasetLayout layout) {
    this.layout = layout;
  }

  /** {@return the name that people type, in lower case} */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  DatasetLayout layout() {
    return layout;
  }

  /** The first names in a folder, for people. */
  private static String content(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      return names.isEmpty()
          ? "nothing"
          : String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
              + (names.size() > SHOWN ? ", ..." : "");
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be read: %s".formatted(folder, FileFailure.reason(e)), e);
    }
  }

  /** The layout of a folder; those with signs come first, for others list the pictures too. */
  static DatasetLayout layout(Path folder) {
    List<DatasetLayout> layouts = Arrays.stream(values()).map(DatasetFormat::layout).toList();
    return Stream.concat(
            layouts.stream().filter(layout -> layout.hasSign(folder)),
            layouts.stream().filter(layout -> layout.recognises(folder)))
        .findFirst()
        .orElseThrow(
            () ->
                new YoloxException(
                    "Data set %s is in no known layout: it has %s; expected %s"
                        .formatted(
                            folder,
                            content(folder),
                            layouts.stream()
                                .map(DatasetLayout::sign)
                                .collect(Collectors.joining(" or ")))));
  }
}
