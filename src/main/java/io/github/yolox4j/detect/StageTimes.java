package io.github.yolox4j.detect;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How long the stages of a detector's work took, added up over all threads. Thread-safe. */
public final class StageTimes {

  /** A stage of detection. */
  public enum Stage {
    /** Fitting the picture into the network's input. */
    PREPROCESS,
    /** The network. */
    INFERENCE,
    /** Selection, suppression and the boxes in picture pixels. */
    POSTPROCESS
  }

  private final Map<Stage, LongAdder> nanoseconds = new EnumMap<>(Stage.class);
  private final LongAdder pictures = new LongAdder();

  StageTimes() {
    for (Stage stage : Stage.values()) {
      nanoseconds.put(stage, new LongAdder());
    }
  }

  void add(Stage stage, long duration) {
    nanoseconds.get(stage).add(duration);
  }

  void addPictures(int count) {
    pictures.add(count);
  }

  /** Begins to count anew; to be called while nothing is detected. */
  public void reset() {
    nanoseconds.values().forEach(LongAdder::reset);
    pictures.reset();
  }

  /**
   * {@return the mean time of a stage: milliseconds of one thread per picture; 0 before the first}
   *
   * @param stage the stage
   */
  public double millisecondsPerPicture(Stage stage) {
    return nanoseconds.get(stage).sum() / 1e6 / Math.max(1, pictures.sum());
  }
}
