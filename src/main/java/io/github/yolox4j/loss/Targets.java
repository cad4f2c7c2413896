package io.github.yolox4j.loss;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * The objects of a batch, on the Java side and, sent once, where the predictions are.
 *
 * @param labels the objects, boxes in pixels of the network's input
 * @param rows [B, most, 5] in 64 bits: class, centre x, centre y, width, height; the rows after a
 *     picture's last object are zeros
 */
record Targets(Labels labels, Tensor rows) {

  private static final int COLUMNS = 5;

  /**
   * Sends the objects to the predictions; the tensor belongs to the innermost open scope.
   *
   * @throws YoloxException if there is no such class; the message names the picture
   */
  static Targets of(Labels labels, GridPredictions predictions) {
    int most = most(labels);
    int classes = Math.toIntExact(predictions.classes().size(2));
    double[] rows = new double[labels.pictures() * most * COLUMNS];
    for (int b = 0; b < labels.pictures(); b++) {
      int at = b * most * COLUMNS;
      for (int object = labels.first(b); object < labels.first(b + 1); object++) {
        requireClass(labels, b, object, classes);
        rows[at++] = labels.classId(object);
        rows[at++] = labels.x(object);
        rows[at++] = labels.y(object);
        rows[at++] = labels.width(object);
        rows[at++] = labels.height(object);
      }
    }
    Tensor tensor = Tensors.of(rows, labels.pictures(), most, COLUMNS);
    return new Targets(labels, Tensors.sentTo(tensor, predictions.raw()));
  }

  private static int most(Labels labels) {
    int most = 0;
    for (int b = 0; b < labels.pictures(); b++) {
      most = Math.max(most, labels.count(b));
    }
    return most;
  }

  private static void requireClass(Labels labels, int picture, int object, int classes) {
    int id = labels.classId(object);
    if (id < 0 || id >= classes) {
      throw new YoloxException(
          "%s: object %d has the class %d; expected a whole number from 0 to %d"
              .formatted(labels.name(picture), object - labels.first(picture), id, classes - 1));
    }
  }

  /** The most objects that a picture has. */
  int most() {
    return Math.toIntExact(rows.size(1));
  }

  /** The same on the CPU, for which the host waits. */
  Targets onProcessor() {
    return new Targets(labels, rows.cpu());
  }
}
