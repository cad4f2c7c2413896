package io.github.yolox4j.data;

/** What may be wrong with a data set. */
public enum FindingKind {
  /** A split that cannot be read. */
  UNREADABLE_SPLIT("splits that cannot be read", true, "mend what the sentence names"),
  /** A label or an annotation that cannot be read. */
  BAD_LABEL("labels that cannot be read", true, "mend or delete them"),
  /** An image whose file is not there. */
  MISSING_IMAGE("images whose file is missing", true, "add the files or delete their annotations"),
  /** An image whose file cannot be decoded. */
  UNREADABLE_IMAGE("images that cannot be decoded", true, "replace or delete the files"),
  /** Splits with different classes. */
  DIFFERENT_CLASSES(
      "splits with other classes than the first", true, "give all splits the same classes"),
  /** Nothing but crowds, or no objects at all. */
  NOTHING_TO_LEARN(
      "splits without an object to learn from", true, "mark objects that are no crowds"),
  /** A count of classes that is not theirs. */
  DIFFERENT_CLASS_COUNT("counts of classes that are wrong", false, "correct the count"),
  /** Two classes of one name. */
  REPEATED_CLASS("classes of a name that another has", false, "give each class its own name"),
  /** An image of another size than its annotations say. */
  DIFFERENT_SIZE(
      "images of another size than the annotations say",
      false,
      "check that the boxes fit the files; training takes the files' size"),
  /** An object with an outline, whose bounds are taken for its box. */
  OUTLINE_ONLY("objects with an outline and no box", false, "none; their boxes are the bounds"),
  /** A box without an area. */
  EMPTY_BOX("boxes without an area", false, "delete them; training leaves them out"),
  /** A box that reaches out of its image by more than a pixel. */
  BOX_OUTSIDE(
      "boxes that reach out of their image",
      false,
      "training cuts them at the edge (augmentation.edge-boxes)"),
  /** An object that is marked twice. */
  REPEATED_OBJECT("objects that are marked twice", false, "delete one of each pair"),
  /** Two images of one split with the same content. */
  REPEATED_IMAGE("images that are twice in one split", false, "delete one of each pair"),
  /** Two images of different splits with the same content. */
  LEAKED_IMAGE(
      "images that are in two splits",
      false,
      "keep each in one split, or accuracy is measured on what was learned"),
  /** A JPEG that lacks its end marker, and nothing else. */
  NO_END_MARKER("images without their end marker", false, "write them anew; training reads them"),
  /** An image without objects. */
  NO_OBJECTS("images without objects", false, "none, if they show the background on purpose"),
  /** An image without a file of labels. */
  NO_LABELS(
      "images without a file of labels", false, "add empty files where nothing is to be found"),
  /** A file of labels without its image. */
  LABELS_WITHOUT_IMAGE("files of labels without an image", false, "add the images"),
  /** A file among the images that is not named like one. */
  UNKNOWN_FILE("files that are not named like pictures", false, "rename them if they are pictures"),
  /** A file whose name is no text in the encoding of names. */
  UNREADABLE_NAME("files whose names cannot be read", false, "rename them"),
  /** A class without objects in a split. */
  UNUSED_CLASS("classes without objects", false, "mark some or leave the class out");

  private final String description;
  private final boolean fatal;
  private final String advice;

  FindingKind(String description, boolean fatal, String advice) {
    this.description = description;
    this.fatal = fatal;
    this.advice = advice;
  }

  /** {@return what to do about it, such as "delete one of each pair"} */
  public String advice() {
    return advice;
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
