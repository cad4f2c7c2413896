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
    public int compareTo(ImageId other) {
      return switch (other) {
        case OfNumber(long number) -> Long.compare(value, number);
        case OfText _ -> -1;
      };
    }

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
    public int compareTo(ImageId other) {
      return switch (other) {
        case OfNumber _ -> 1;
        case OfText(String text) -> value.compareTo(text);
      };
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
