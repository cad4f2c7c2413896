package io.github.yolox4j.data;

import java.util.Comparator;
import java.util.Optional;

/**
 * How a data set names an image: COCO's own files use whole numbers, others text. The number 7 and
 * the text "7" are different ids. Each kind is comparable with itself and has hashes of its own, by
 * which hash maps stay fast where a file's ids were made to have one hash.
 */
public sealed interface ImageId {

  /** Numbers before texts. */
  Comparator<ImageId> ORDER =
      (a, b) -> {
        if (a instanceof OfNumber mine && b instanceof OfNumber its) {
          return mine.compareTo(its);
        }
        if (a instanceof OfText mine && b instanceof OfText its) {
          return mine.compareTo(its);
        }
        return a instanceof OfNumber ? -1 : 1;
      };

  /** {@return the id of the other kind that looks the same, if there may be one} */
  Optional<ImageId> twin();

  /**
   * A whole number.
   *
   * @param value the number
   */
  record OfNumber(long value) implements ImageId, Comparable<OfNumber> {
    @Override
    public int compareTo(OfNumber other) {
      return Long.compare(value, other.value);
    }

    @Override
    public Optional<ImageId> twin() {
      return Optional.of(new OfText(toString()));
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value) & Integer.MAX_VALUE;
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
  record OfText(String value) implements ImageId, Comparable<OfText> {
    @Override
    public int compareTo(OfText other) {
      return value.compareTo(other.value);
    }

    @Override
    public Optional<ImageId> twin() {
      return value.matches("0|-?[1-9]\\d{0,17}")
          ? Optional.of(new OfNumber(Long.parseLong(value)))
          : Optional.empty();
    }

    @Override
    public int hashCode() {
      return value.hashCode() | Integer.MIN_VALUE;
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
