package io.github.yolox4j.weights;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** A numpy dtype of plain little-endian numbers, for the scalars that checkpoints hold. */
enum NumpyType {
  B1(1),
  I1(1),
  I2(2),
  I4(4),
  I8(8),
  U1(1),
  U2(2),
  U4(4),
  U8(8),
  F2(2),
  F4(4),
  F8(8);

  private final int bytes;

  NumpyType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Finds a type by its numpy code, such as f8.
   *
   * @throws IllegalArgumentException if it is not one of these
   */
  static NumpyType of(String code) {
    for (NumpyType type : values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(code)) {
        return type;
      }
    }
    throw new IllegalArgumentException("the numpy type '%s' is not a plain number".formatted(code));
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
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    return switch (this) {
      case B1 -> in.get() != 0;
      case I1 -> (long) in.get();
      case I2 -> (long) in.getShort();
      case I4 -> (long) in.getInt();
      case I8 -> in.getLong();
      case U1 -> Byte.toUnsignedLong(in.get());
      case U2 -> Short.toUnsignedLong(in.getShort());
      case U4 -> Integer.toUnsignedLong(in.getInt());
      case U8 -> {
        long value = in.getLong();
        yield value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
      }
      case F2 -> (double) Float.float16ToFloat(in.getShort());
      case F4 -> (double) in.getFloat();
      case F8 -> in.getDouble();
    };
  }
}
