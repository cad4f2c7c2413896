package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model is trained and validated on. Both have the same classes in the same order.
 *
 * @param train the images to learn from
 * @param validation the images to measure on, empty if there are none
 */
public record TrainingData(Dataset train, Optional<Dataset> validation) {

  /** Checks the classes. */
  public TrainingData {
    if (validation.isPresent() && !train.classNames().equals(validation.get().classNames())) {
      throw new YoloxException(
          "%s has the classes %s, %s has %s; expected the same in the same order"
              .formatted(
                  train.truth().source(),
                  listed(train),
                  validation.get().truth().source(),
                  listed(validation.get())));
    }
  }

  /**
   * Opens two splits of a data set.
   *
   * @param data the folder or file, as in {@link Dataset#open}
   * @param trainSplit such as {@code train}
   * @param valSplit such as {@code val}; validation is left out if the data set has no such split
   * @return both
   * @throws YoloxException if a split cannot be read or their classes differ
   */
  public static TrainingData open(Path data, String trainSplit, String valSplit) {
    Dataset train = Dataset.open(data, trainSplit);
    return new TrainingData(
        train,
        Dataset.splits(data).contains(valSplit)
            ? Optional.of(Dataset.open(data, valSplit))
            : Optional.empty());
  }

  private static String listed(Dataset set) {
    List<String> names = set.classNames();
    int shown = Math.min(10, names.size());
    return String.join(", ", names.subList(0, shown))
        + (shown < names.size() ? " and %d more".formatted(names.size() - shown) : "");
  }
}
