package io.github.yolox4j.embed;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Text of C: UTF-8, ended by a zero. */
final class NativeText {

  private NativeText() {}

  /** Reads a text; nothing for a null pointer. */
  @SuppressWarnings("restricted")
  static Optional<String> read(MemorySegment address) {
    return address.equals(MemorySegment.NULL)
        ? Optional.empty()
        : Optional.of(address.reinterpret(Long.MAX_VALUE).getString(0));
  }
}
