package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;

/** What becomes of a fault that is found while a data set or results are read. */
@FunctionalInterface
public interface Faults {

  /** Ends reading at the first that training would stop at, and passes over the others. */
  Faults ENDING =
      (kind, sentence) -> {
        if (kind.fatal()) {
          throw new YoloxException(sentence);
        }
      };

  /**
   * Takes note of a fault, or throws; what it is about is left out where this returns.
   *
   * @param kind what is wrong
   * @param sentence where, for people
   */
  void found(FindingKind kind, String sentence);

  /** {@return whether to look for what reading does not come across, such as unused files} */
  default boolean thorough() {
    return false;
  }
}
