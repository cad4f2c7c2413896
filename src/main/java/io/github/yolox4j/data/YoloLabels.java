package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.util.Arrays;
import java.util.Set;

/** Lines of labels in YOLO's format, whose numbers are shares of the picture's sides. */
final class YoloLabels {

  /** Numbers of a box, with its score where a program has written it. */
  private static final Set<Integer> BOX = Set.of(4, 5);

  private static final int LEAST_OUTLINE = 6;

  /** An object of a picture. */
  record Label(long category, BoundingBox box) {}

  private YoloLabels() {}

  /**
   * Reads a line.
   *
   * @param line class, centre x and y, width, height and perhaps a score; or class and three or
   *     more points of an outline, whose bounds are the box
   * @param width of the picture, in pixels
   * @param height of the picture, in pixels
   * @param categories the classes that there are
   * @return the object, in pixels
   * @throws YoloxException if it is no such line; the message says what it is and what was expected
   */
  static Label parse(String line, int width, int height, Set<Long> categories) {
    String[] fields = line.strip().split("\\s+", -1);
    try {
      double category = Double.parseDouble(fields[0]); // some programs write 1.0
      double[] numbers = Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray();
      if (category == Math.rint(category) && categories.contains((long) category)) {
        BoundingBox box = box(numbers, width, height);
        if (box != null && box.isFinite()) {
          return new Label((long) category, box);
        }
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new YoloxException(
        "is '%s'; expected a class %s and four numbers, or three or more points of an outline"
            .formatted(DatasetLayout.shown(line.strip()), range(categories)));
  }

  private static String range(Set<Long> categories) {
    long last = categories.size() - 1L;
    boolean gapless = categories.contains(0L) && categories.contains(last);
    return gapless ? "from 0 to " + last : "of " + categories;
  }

  /** A box in pixels; null for another count of numbers. */
  private static BoundingBox box(double[] numbers, int width, int height) {
    if (BOX.contains(numbers.length)) {
      double boxWidth = numbers[2] * width;
      double boxHeight = numbers[3] * height;
      return new BoundingBox(
          numbers[0] * width - boxWidth / 2,
          numbers[1] * height - boxHeight / 2,
          boxWidth,
          boxHeight);
    }
    if (numbers.length < LEAST_OUTLINE || numbers.length % 2 != 0) {
      return null;
    }
    return BoundingBox.around(numbers).scaled(width, height);
  }
}
