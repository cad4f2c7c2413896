package io.github.yolox4j.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the fields of a message in Protocol Buffers' binary format. For use by one thread. */
final class ProtobufMessage {

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED_32 = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  ProtobufMessage put(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  ProtobufMessage put(int field, double value) {
    tag(field, FIXED_64);
    bytes.writeBytes(buffer(Double.BYTES).putDouble(value).array());
    return this;
  }

  ProtobufMessage put(int field, float value) {
    tag(field, FIXED_32);
    bytes.writeBytes(buffer(Float.BYTES).putFloat(value).array());
    return this;
  }

  ProtobufMessage put(int field, String value) {
    return put(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufMessage put(int field, ProtobufMessage value) {
    return put(field, value.toBytes());
  }

  private ProtobufMessage put(int field, byte[] value) {
    tag(field, LENGTH);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private void tag(int field, int wireType) {
    varint(field * 8L + wireType);
  }

  /** Seven bits a byte, the lowest first; all bytes but the last have the highest bit set. */
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) rest | 0x80); // of an int, the lowest byte is written
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
