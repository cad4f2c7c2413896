package io.github.yolox4j.data;

/**
 * How a data set names an image: COCO's own files use whole numbers, others text. The number 7 and
 * the text "7" are different ids. Numbers sort before texts.
 */
public sealed interface ImageId extends Comparable<ImageId> {

  /**
   * A whole number.
   *
   * @param value the number
   */
  record OfNumber(long value) implements ImageId {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /**
   * A text, such as a file name.
   *
   * @param value the text
   */
  record OfText(String value) implements ImageId {
    @Override
    public String toString() {
      return value;
    }
  }

  @Override
  default int compareTo(ImageId other) {
    if (this instanceof OfNumber(long mine) && other instanceof OfNumber(long its)) {
      return Long.compare(mine, its);
    }
    if (this instanceof OfText(String mine) && other instanceof OfText(String its)) {
      return mine.compareTo(its);
    }
    return this instanceof OfNumber ? -1 : 1;
  }
}
