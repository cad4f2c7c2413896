package io.github.yolox4j.data;

/** What may be wrong with a data set. */
public enum FindingKind {
  /** A split that cannot be read. */
  UNREADABLE_SPLIT("splits that cannot be read", true),
  /** An image whose file is not there. */
  MISSING_IMAGE("images whose file is missing", true),
  /** An image whose file cannot be decoded. */
  UNREADABLE_IMAGE("images that cannot be decoded", true),
  /** Splits with different classes. */
  DIFFERENT_CLASSES("splits with other classes than the first", true),
  /** An image of another size than its annotations say. */
  DIFFERENT_SIZE("images of another size than the annotations say", false),
  /** A box without an area. */
  EMPTY_BOX("boxes without an area", false),
  /** A box that reaches out of its image by more than a pixel. */
  BOX_OUTSIDE("boxes that reach out of their image", false),
  /** An object that is marked twice. */
  REPEATED_OBJECT("objects that are marked twice", false),
  /** Two images of one split with the same content. */
  REPEATED_IMAGE("images that are twice in one split", false),
  /** Two images of different splits with the same content. */
  LEAKED_IMAGE("images that are in two splits", false),
  /** An image without objects. */
  NO_OBJECTS("images without objects", false),
  /** A class without objects in a split. */
  UNUSED_CLASS("classes without objects", false);

  private final String description;
  private final boolean fatal;

  FindingKind(String description, boolean fatal) {
    this.description = description;
    this.fatal = fatal;
  }

  /** {@return what is found, a plural such as "boxes without an area"} */
  public String description() {
    return description;
  }

  /**
   * {@return whether training stops at it; else it may only make the model worse, or is meant so}
   */
  public boolean fatal() {
    return fatal;
  }
}
