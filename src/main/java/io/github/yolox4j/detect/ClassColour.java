package io.github.yolox4j.detect;

import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * The colour of a class, the same however many classes there are.
 *
 * @param red 0 to 255
 * @param green 0 to 255
 * @param blue 0 to 255
 */
public record ClassColour(int red, int green, int blue) {

  /** Turning by it again and again spreads hues evenly, wherever one stops. */
  private static final double GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));

  private static final double FIRST_HUE = 25;

  /** Saturation and value, in turns: hues that come close again after many classes differ here. */
  private static final double[][] SHADES = {{0.85, 1}, {0.95, 0.75}, {0.55, 1}};

  /** Above it, black is read more easily than white. */
  private static final double LIGHT_LUMA = 125;

  /**
   * {@return the colour of a class, or of another kind of thing that is numbered, which differs
   * from those of the numbers before}
   *
   * @param classId its number
   */
  public static ClassColour of(int classId) {
    double hue = (FIRST_HUE + classId * GOLDEN_ANGLE) % 360;
    double[] shade = SHADES[Math.floorMod(classId, SHADES.length)];
    return fromHsv(hue < 0 ? hue + 360 : hue, shade[0], shade[1]);
  }

  private static ClassColour fromHsv(double hue, double saturation, double value) {
    return new ClassColour(
        channel(5, hue, saturation, value),
        channel(3, hue, saturation, value),
        channel(1, hue, saturation, value));
  }

  /** A channel falls and rises with the hue, a third of a turn after the other. */
  private static int channel(int offset, double hue, double saturation, double value) {
    double k = (offset + hue / 60) % 6;
    double lack = Math.clamp(Math.min(k, 4 - k), 0, 1);
    return (int) Math.round(255 * value * (1 - saturation * lack));
  }

  boolean isLight() {
    return 0.299 * red + 0.587 * green + 0.114 * blue > LIGHT_LUMA;
  }

  /**
   * {@return the colour of a text or an edge that stands out from this one: black for a light
   * colour, white for a dark one}
   */
  public ClassColour contrast() {
    return isLight() ? new ClassColour(0, 0, 0) : new ClassColour(255, 255, 255);
  }

  /** {@return the colour for pictures in BGR, owned by the caller} */
  public Scalar toScalar() {
    return new Scalar(blue, green, red, 0);
  }
}
