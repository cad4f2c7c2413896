package io.github.yolox4j.proof;

import java.util.Locale;

/** What became of an item of the proof. */
public enum Outcome {
  /** It has begun; what is found so in a file ended the process. */
  BEGUN,
  /** It is as it should be. */
  PASSED,
  /** It is not as it should be, or could not be found out. */
  FAILED,
  /** It was measured; there is nothing that it should be. */
  MEASURED,
  /** It does not apply here. */
  SKIPPED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
