package io.github.yolox4j.detect;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.ModelSpec;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of the pictures that a network reads.
 *
 * @param height pixels, a multiple of 32
 * @param width pixels, a multiple of 32
 */
public record InputSize(int height, int width) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(?:x(\\d{1,6}))?");

  /** Checks the sides. */
  public InputSize {
    requireSide(height);
    requireSide(width);
  }

  private static void requireSide(int side) {
    if (side < ModelSpec.MAX_STRIDE
        || side > ModelSpec.MAX_SIDE
        || side % ModelSpec.MAX_STRIDE != 0) {
      throw new YoloxException(
          "Input size %d cannot be used; expected a multiple of %d from %d to %d"
              .formatted(side, ModelSpec.MAX_STRIDE, ModelSpec.MAX_STRIDE, ModelSpec.MAX_SIDE));
    }
  }

  /**
   * Reads a size.
   *
   * @param text {@code N} for a square or {@code HxW}
   * @return the size
   * @throws YoloxException if the text is neither, or a side is no multiple of 32
   */
  public static InputSize parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new YoloxException(
          "Input size '%s' is not understood; expected N or HxW, for example 640 or 384x640"
              .formatted(text));
    }
    int height = Integer.parseInt(matcher.group(1));
    int width = matcher.group(2) == null ? height : Integer.parseInt(matcher.group(2));
    return new InputSize(height, width);
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
