package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

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
  /** {@code annotations/instances_SPLIT.json} and {@code images/SPLIT}. Holds everything. */
  COCO(new CocoLayout());

  /** The formats' keys, for people. */
  public static final String KEYS = "coco, voc or yolo";

  /** Where a data set may be, for people. */
  public static final String PLACES = "a folder in COCO, VOC or YOLO layout, or a YAML file";

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

  /** The layout of a folder. */
  static DatasetLayout layout(Path folder) {
    return Arrays.stream(values())
        .map(DatasetFormat::layout)
        .filter(layout -> layout.recognises(folder))
        .findFirst()
        .orElseThrow(
            () ->
                new YoloxException(
                    "Data set %s is in no known layout; expected %s"
                        .formatted(
                            folder,
                            Arrays.stream(values())
                                .map(format -> format.layout.sign())
                                .collect(Collectors.joining(" or ")))));
  }
}
