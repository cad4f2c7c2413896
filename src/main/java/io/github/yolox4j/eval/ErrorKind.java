package io.github.yolox4j.eval;

/**
 * What a detection is, or what became of an object, in the manner of TIDE. A detection that is not
 * {@link #CORRECT} is of the first kind that fits, in the order of the constants; only overlaps
 * with objects that are not ignored count. What overlaps is told by the foreground IoU {@link
 * #FOREGROUND} and the background IoU {@link #BACKGROUND_BELOW}.
 */
public enum ErrorKind {
  /** The detection found an object of its class, one that no detection of a higher score found. */
  CORRECT("Correct", "right class, IoU of at least 0.5"),
  /** Its largest overlap with objects of its class is at least 0.1 and below 0.5. */
  LOCALISATION("Localisation", "right class, IoU from 0.1 to 0.5"),
  /** It overlaps an object of another class by at least 0.5. */
  CLASSIFICATION("Classification", "wrong class, IoU of at least 0.5"),
  /** It overlaps an object of its class by at least 0.5, which a higher score has found. */
  DUPLICATE("Duplicate", "an object that a higher score has found"),
  /** It overlaps no object by 0.1. */
  BACKGROUND("Background", "IoU below 0.1 with every object"),
  /** It overlaps objects of other classes only, the nearest by at least 0.1 and below 0.5. */
  BOTH("Class and place", "wrong class, IoU from 0.1 to 0.5"),
  /**
   * An object that no detection found, and that is not the object nearest to a classification or
   * localisation error.
   */
  MISSED("Missed", "an object that no detection stands for");

  /** The least IoU of a detection that is in its place. */
  public static final double FOREGROUND = 0.5;

  /** A detection of a smaller IoU shows background. */
  public static final double BACKGROUND_BELOW = 0.1;

  private final String title;
  private final String meaning;

  ErrorKind(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  /** {@return the kind's name for people} */
  public String title() {
    return title;
  }

  /** {@return what the kind means, a phrase} */
  public String meaning() {
    return meaning;
  }
}
