package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.util.Arrays;
import java.util.List;

/**
 * The objects in the pictures of a batch: what training learns from. They are numbered from 0,
 * those of a picture in a row. Held on the Java side, so that their number is known without asking
 * a GPU. Immutable, safe for any number of threads.
 */
public final class Labels {

  private static final int SIDES = 4;

  private final List<String> pictures;
  private final int[] firsts;
  private final int[] classes;
  private final double[] boxes;

  private Labels(List<String> pictures, int[] firsts, int[] classes, double[] boxes) {
    this.pictures = pictures;
    this.firsts = firsts;
    this.classes = classes;
    this.boxes = boxes;
  }

  /**
   * Takes the objects of one picture.
   *
   * @param picture what to call the picture in a message
   * @param classes the class of each object, counted from 0; not to be changed afterwards
   * @param boxes for each object the centre's x and y, width and height in pixels; not to be
   *     changed afterwards
   * @return the labels of one picture
   * @throws YoloxException if a box is not finite; the message names the picture
   */
  public static Labels of(String picture, int[] classes, double[] boxes) {
    if (boxes.length != SIDES * classes.length) {
      throw new IllegalArgumentException(
          "%d numbers for the boxes of %d objects".formatted(boxes.length, classes.length));
    }
    for (int i = 0; i < boxes.length; i++) {
      if (!Double.isFinite(boxes[i])) {
        int from = i / SIDES * SIDES;
        throw new YoloxException(
            "%s: object %d has the box %s; expected finite numbers"
                .formatted(
                    picture,
                    i / SIDES,
                    Arrays.toString(Arrays.copyOfRange(boxes, from, from + SIDES))));
      }
    }
    return new Labels(List.of(picture), new int[] {0, classes.length}, classes, boxes);
  }

  /**
   * Joins the labels of pictures.
   *
   * @param parts labels of one or more pictures each
   * @return the labels of all pictures, in the same order
   */
  public static Labels of(List<Labels> parts) {
    int[] firsts = new int[parts.stream().mapToInt(Labels::pictures).sum() + 1];
    int next = 0;
    for (Labels part : parts) {
      for (int i = 0; i < part.pictures(); i++) {
        firsts[next + 1] = firsts[next] + part.count(i);
        next++;
      }
    }
    return new Labels(
        parts.stream().flatMap(part -> part.pictures.stream()).toList(),
        firsts,
        parts.stream().flatMapToInt(part -> Arrays.stream(part.classes)).toArray(),
        parts.stream().flatMapToDouble(part -> Arrays.stream(part.boxes)).toArray());
  }

  /**
   * {@return the same objects in pictures that were resized, boxes scaled}
   *
   * @param x the factor of the widths
   * @param y the factor of the heights
   */
  public Labels scaled(double x, double y) {
    double[] scaled = boxes.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= i % 2 == 0 ? x : y;
    }
    return new Labels(pictures, firsts, classes, scaled);
  }

  /** {@return how many pictures there are} */
  public int pictures() {
    return pictures.size();
  }

  /**
   * {@return what to call a picture in a message, usually its file}
   *
   * @param picture 0 to {@link #pictures} - 1
   */
  public String name(int picture) {
    return pictures.get(picture);
  }

  /**
   * {@return the number of a picture's first object, which is how many objects there are before it}
   *
   * @param picture 0 to {@link #pictures}
   */
  public int first(int picture) {
    return firsts[picture];
  }

  /**
   * {@return how many objects a picture has}
   *
   * @param picture 0 to {@link #pictures} - 1
   */
  public int count(int picture) {
    return firsts[picture + 1] - firsts[picture];
  }

  /** {@return how many objects all pictures have} */
  public int total() {
    return classes.length;
  }

  /**
   * {@return an object's class, counted from 0}
   *
   * @param object 0 to {@link #total} - 1
   */
  public int classId(int object) {
    return classes[object];
  }

  /**
   * {@return the horizontal place of an object's centre in pixels}
   *
   * @param object 0 to {@link #total} - 1
   */
  public double x(int object) {
    return boxes[SIDES * object];
  }

  /**
   * {@return the vertical place of an object's centre in pixels}
   *
   * @param object 0 to {@link #total} - 1
   */
  public double y(int object) {
    return boxes[SIDES * object + 1];
  }

  /**
   * {@return an object's width in pixels}
   *
   * @param object 0 to {@link #total} - 1
   */
  public double width(int object) {
    return boxes[SIDES * object + 2];
  }

  /**
   * {@return an object's height in pixels}
   *
   * @param object 0 to {@link #total} - 1
   */
  public double height(int object) {
    return boxes[SIDES * object + 3];
  }
}
