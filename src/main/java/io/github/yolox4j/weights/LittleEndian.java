package io.github.yolox4j.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as all formats of weights store them, at any address, aligned or not. */
final class LittleEndian {

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int unsignedShort(MemorySegment segment, long at) {
    return Short.toUnsignedInt(segment.get(SHORT, at));
  }

  static long unsignedInt(MemorySegment segment, long at) {
    return Integer.toUnsignedLong(segment.get(INT, at));
  }

  static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The bytes of a whole number in the other order. */
  static byte[] reversed(byte[] number) {
    byte[] reversed = new byte[number.length];
    for (int i = 0; i < number.length; i++) {
      reversed[i] = number[number.length - 1 - i];
    }
    return reversed;
  }
}
