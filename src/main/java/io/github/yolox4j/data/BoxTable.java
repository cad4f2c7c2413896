package io.github.yolox4j.data;

import java.util.Arrays;

/**
 * Boxes in images, each of a category and with a number, in growing columns of 48 bytes a box. They
 * are numbered from 0 in the order in which they were added. Adding is not safe for use by several
 * threads, reading is.
 */
public abstract class BoxTable {

  private static final int NUMBERS = 5;

  private int[] images = new int[16];
  private int[] categories = new int[16];

  /** By row left edge, top edge, width, height and the number. */
  private double[] numbers = new double[16 * NUMBERS];

  private int size;

  /** Makes an empty table. */
  protected BoxTable() {}

  /**
   * Adds a box.
   *
   * @param image an index among images
   * @param category an index among categories
   * @param box where it is
   * @param number what else belongs to it: an object's area, a detection's score
   */
  protected void add(int image, int category, BoundingBox box, double number) {
    if (size == images.length) {
      // by half, since columns of millions of entries must fit in the heap twice while they grow
      int capacity = Math.min(size + (size >> 1) + 1, Integer.MAX_VALUE / NUMBERS);
      images = Arrays.copyOf(images, capacity);
      categories = Arrays.copyOf(categories, capacity);
      numbers = Arrays.copyOf(numbers, capacity * NUMBERS);
    }
    images[size] = image;
    categories[size] = category;
    int at = size++ * NUMBERS;
    numbers[at] = box.x();
    numbers[at + 1] = box.y();
    numbers[at + 2] = box.width();
    numbers[at + 3] = box.height();
    numbers[at + 4] = number;
  }

  /** {@return how many boxes there are} */
  public final int size() {
    return size;
  }

  /**
   * {@return a box's image, an index among images}
   *
   * @param row 0 to {@link #size} - 1
   */
  public final int image(int row) {
    return images[row];
  }

  /**
   * {@return a box's category, an index among categories}
   *
   * @param row 0 to {@link #size} - 1
   */
  public final int category(int row) {
    return categories[row];
  }

  /**
   * {@return a box}
   *
   * @param row 0 to {@link #size} - 1
   */
  public final BoundingBox box(int row) {
    int at = row * NUMBERS;
    return new BoundingBox(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
  }

  /**
   * {@return a box's number}
   *
   * @param row 0 to {@link #size} - 1
   */
  protected final double number(int row) {
    return numbers[row * NUMBERS + NUMBERS - 1];
  }

  /** {@return the boxes' images, a copy} */
  protected final int[] imageColumn() {
    return Arrays.copyOf(images, size);
  }

  /** {@return the boxes' categories, a copy} */
  protected final int[] categoryColumn() {
    return Arrays.copyOf(categories, size);
  }

  /** {@return the boxes' numbers, a copy} */
  protected final double[] numberColumn() {
    double[] copy = new double[size];
    Arrays.setAll(copy, this::number);
    return copy;
  }
}
