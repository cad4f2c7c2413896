package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * The objects of a batch of training pictures. Immutable.
 *
 * <p>Held on the Java side, so that their number is known without asking a GPU.
 */
public final class Targets {

  /** Numbers of an object: class, centre x, centre y, width, height; the boxes in input pixels. */
  public static final int COLUMNS = 5;

  private final double[][] images;
  private final IntFunction<String> name;

  private Targets(double[][] images, IntFunction<String> name) {
    this.images = images;
    this.name = name;
  }

  /**
   * Takes padded labels. As in the reference an image has as many objects as it has rows whose sum
   * is above 0, and they are its first rows.
   *
   * @param labels [batch, rows, 5], row-major: class, centre x, centre y, width, height
   * @param batch the number of pictures
   * @param classes the number of classes
   * @param name what to call picture i of the batch in a message
   * @return the objects
   * @throws YoloxException if a class is not a whole number from 0 to classes - 1 or a box is not
   *     finite; the message names the picture
   */
  public static Targets ofPadded(float[] labels, int batch, int classes, IntFunction<String> name) {
    double[][] images = new double[batch][];
    int perImage = labels.length / batch;
    for (int b = 0; b < batch; b++) {
      int count = 0;
      for (int row = 0; row < perImage; row += COLUMNS) {
        float sum = 0;
        for (int c = 0; c < COLUMNS; c++) {
          sum += labels[b * perImage + row + c];
        }
        count += sum > 0 ? 1 : 0;
      }
      images[b] = new double[count * COLUMNS];
      for (int i = 0; i < images[b].length; i++) {
        images[b][i] = labels[b * perImage + i];
      }
    }
    return of(List.of(images), classes, name);
  }

  /**
   * Takes objects.
   *
   * @param images for each picture its objects one after the other, five numbers each: class,
   *     centre x, centre y, width, height
   * @param classes the number of classes
   * @param name what to call picture i of the batch in a message
   * @return the objects
   * @throws YoloxException if a class is not a whole number from 0 to classes - 1 or a box is not
   *     finite; the message names the picture
   */
  public static Targets of(List<double[]> images, int classes, IntFunction<String> name) {
    double[][] copies = new double[images.size()][];
    for (int b = 0; b < copies.length; b++) {
      copies[b] = images.get(b).clone();
      for (int row = 0; row < copies[b].length; row += COLUMNS) {
        require(copies[b], row, classes, b, name);
      }
    }
    return new Targets(copies, name);
  }

  private static void require(
      double[] rows, int row, int classes, int image, IntFunction<String> name) {
    double id = rows[row];
    if (!(id >= 0 && id < classes && id == Math.rint(id))) {
      throw new YoloxException(
          "%s: object %d has the class %s; expected a whole number from 0 to %d"
              .formatted(name.apply(image), row / COLUMNS, id, classes - 1));
    }
    for (int c = 1; c < COLUMNS; c++) {
      if (!Double.isFinite(rows[row + c])) {
        throw new YoloxException(
            "%s: object %d has the box %s; expected finite numbers"
                .formatted(
                    name.apply(image),
                    row / COLUMNS,
                    Arrays.toString(Arrays.copyOfRange(rows, row + 1, row + COLUMNS))));
      }
    }
  }

  /**
   * Returns the objects for pictures that were resized.
   *
   * @param x the factor of the widths
   * @param y the factor of the heights
   * @return the same objects, boxes scaled
   */
  public Targets scaled(double x, double y) {
    double[][] scaled = new double[images.length][];
    for (int b = 0; b < scaled.length; b++) {
      scaled[b] = images[b].clone();
      for (int row = 0; row < scaled[b].length; row += COLUMNS) {
        scaled[b][row + 1] *= x;
        scaled[b][row + 2] *= y;
        scaled[b][row + 3] *= x;
        scaled[b][row + 4] *= y;
      }
    }
    return new Targets(scaled, name);
  }

  /**
   * Returns how many pictures there are.
   *
   * @return the batch's size
   */
  public int batch() {
    return images.length;
  }

  /**
   * Returns how many objects a picture has.
   *
   * @param image 0 to {@link #batch} - 1
   * @return at least 0
   */
  public int count(int image) {
    return images[image].length / COLUMNS;
  }

  /**
   * Returns how many objects all pictures have.
   *
   * @return at least 0
   */
  public int total() {
    return Arrays.stream(images).mapToInt(rows -> rows.length / COLUMNS).sum();
  }

  /** What to call a picture in a message. */
  String name(int image) {
    return name.apply(image);
  }

  /** The most objects that a picture has. */
  int most() {
    return Arrays.stream(images).mapToInt(rows -> rows.length / COLUMNS).max().orElse(0);
  }

  int classId(int image, int object) {
    return (int) images[image][object * COLUMNS];
  }

  double centreX(int image, int object) {
    return images[image][object * COLUMNS + 1];
  }

  double centreY(int image, int object) {
    return images[image][object * COLUMNS + 2];
  }

  double width(int image, int object) {
    return images[image][object * COLUMNS + 3];
  }

  double height(int image, int object) {
    return images[image][object * COLUMNS + 4];
  }

  /** [batch * most, 5], the rows of an image in a row and padded with zeros; on the CPU. */
  Tensor toTensor() {
    int row = most() * COLUMNS;
    double[] padded = new double[images.length * row];
    for (int b = 0; b < images.length; b++) {
      System.arraycopy(images[b], 0, padded, b * row, images[b].length);
    }
    return Tensors.of(padded, (long) images.length * most(), COLUMNS);
  }
}
