package io.github.yolox4j.detect;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The names of a model's classes, in the order of their ids. */
public final class ClassNames {

  /** The 80 classes of COCO. */
  public static final List<String> COCO =
      List.of(
          """
          person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light,
          fire hydrant, stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow,
          elephant, bear, zebra, giraffe, backpack, umbrella, handbag, tie, suitcase, frisbee,
          skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard,
          surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana,
          apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair,
          couch, potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard,
          cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase,
          scissors, teddy bear, hair drier, toothbrush
          """
              .replace('\n', ' ')
              .strip()
              .split(", "));

  private ClassNames() {}

  /**
   * {@return the names to use where a user gives none: COCO's names for 80 classes, else "class 0",
   * "class 1", ...}
   *
   * @param classes the number of classes
   */
  public static List<String> defaults(int classes) {
    return classes == COCO.size()
        ? COCO
        : IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
  }

  /**
   * Reads a file of one name per line; empty lines at its end are ignored.
   *
   * @param file a UTF-8 text file
   * @return the names
   * @throws YoloxException if the file cannot be read or has an empty line
   */
  public static List<String> read(Path file) {
    List<String> names = new ArrayList<>(TextFile.lines("Class file", file));
    while (!names.isEmpty() && names.getLast().isEmpty()) {
      names.removeLast();
    }
    if (names.contains("")) {
      throw new YoloxException(
          "Class file %s line %d is empty; expected a class name"
              .formatted(file, names.indexOf("") + 1));
    }
    return List.copyOf(names);
  }
}
