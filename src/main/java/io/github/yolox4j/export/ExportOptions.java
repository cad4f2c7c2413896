package io.github.yolox4j.export;

/**
 * What an exported model takes, computes in and gives back. Start from {@link #DEFAULTS} and change
 * what differs.
 *
 * @param output what it gives back
 * @param shapes which input dimensions are left open
 * @param picture whether it takes 8-bit pictures, [B, H, W, C] as they lie in memory, instead of
 *     floats, [B, C, H, W]; both BGR, 0 to 255
 * @param half whether weights and arithmetic have 16 bits; floats at both ends have 32
 */
public record ExportOptions(Output output, Shapes shapes, boolean picture, boolean half) {

  /** Decoded predictions of one picture of floats. */
  public static final ExportOptions DEFAULTS =
      new ExportOptions(Output.DECODED, Shapes.FIXED, false, false);

  /**
   * {@return the options with another output}
   *
   * @param changed the output
   */
  public ExportOptions withOutput(Output changed) {
    return new ExportOptions(changed, shapes, picture, half);
  }

  /**
   * {@return the options with other input dimensions left open}
   *
   * @param changed the dimensions
   */
  public ExportOptions withShapes(Shapes changed) {
    return new ExportOptions(output, changed, picture, half);
  }

  /**
   * {@return the options with another input}
   *
   * @param changed true for 8-bit pictures
   */
  public ExportOptions withPicture(boolean changed) {
    return new ExportOptions(output, shapes, changed, half);
  }

  /**
   * {@return the options with another precision}
   *
   * @param changed true for 16-bit weights and arithmetic
   */
  public ExportOptions withHalf(boolean changed) {
    return new ExportOptions(output, shapes, picture, changed);
  }
}
