package io.github.yolox4j.embed;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;

/** Writes a sentence where the caller wants it: the C struct of a buffer and its capacity. */
final class ErrorText {

  private static final StructLayout LAYOUT =
      MemoryLayout.structLayout(ADDRESS.withName("bytes"), JAVA_LONG.withName("capacity"));
  private static final long BYTES = LAYOUT.byteOffset(PathElement.groupElement("bytes"));
  private static final long CAPACITY = LAYOUT.byteOffset(PathElement.groupElement("capacity"));

  private ErrorText() {}

  /** Writes as much of a text as there is room for, and a zero. */
  @SuppressWarnings("restricted")
  static void write(MemorySegment struct, String text) {
    MemorySegment error = struct.reinterpret(LAYOUT.byteSize());
    long capacity = error.get(JAVA_LONG, CAPACITY);
    MemorySegment target = error.get(ADDRESS, BYTES).reinterpret(capacity);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(bytes.length, capacity - 1);
    while (length > 0 && length < bytes.length && continues(bytes[length])) {
      length--;
    }
    MemorySegment.copy(bytes, 0, target, JAVA_BYTE, 0, length);
    target.set(JAVA_BYTE, length, (byte) 0);
  }

  /** Whether a byte is not the first of a character in UTF-8. */
  private static boolean continues(byte value) {
    return (value & 0xC0) == 0x80;
  }
}
