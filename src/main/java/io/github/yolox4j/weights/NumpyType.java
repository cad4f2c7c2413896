package io.github.yolox4j.weights;

import java.math.BigInteger;

/**
 * A numpy dtype of plain little-endian numbers, for the scalars that checkpoints hold.
 *
 * @param kind b for booleans, i and u for signed and unsigned integers, f for floats
 */
record NumpyType(char kind, int bytes) {

  /**
   * Finds a type by its numpy code, such as f8.
   *
   * @throws IllegalArgumentException if it is not one of these
   */
  static NumpyType of(String code) {
    if (!code.matches("b1|[iu][1248]|f[248]")) {
      throw new IllegalArgumentException(
          "the numpy type '%s' is not a plain number".formatted(code));
    }
    return new NumpyType(code.charAt(0), code.charAt(1) - '0');
  }

  /**
   * Reads one number.
   *
   * @return a Boolean, Long, BigInteger or Double
   * @throws IllegalArgumentException if there are too many or too few bytes
   */
  Object scalar(byte[] data) {
    if (data.length != bytes) {
      throw new IllegalArgumentException(
          "a numpy scalar of %d bytes has %d".formatted(bytes, data.length));
    }
    BigInteger bits = new BigInteger(1, LittleEndian.reversed(data));
    return switch (kind) {
      case 'b' -> bits.signum() != 0;
      case 'i' -> new BigInteger(LittleEndian.reversed(data)).longValue();
      case 'u' -> bits.bitLength() < Long.SIZE ? (Object) bits.longValue() : bits;
      default ->
          switch (bytes) {
            case 2 -> (double) Float.float16ToFloat(bits.shortValue());
            case 4 -> (double) Float.intBitsToFloat(bits.intValue());
            default -> Double.longBitsToDouble(bits.longValue());
          };
    };
  }
}
