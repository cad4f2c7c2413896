package io.github.yolox4j.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Memory of any size in blocks that fit a byte buffer. */
final class Blocks {

  /** Below the 2 GiB of a byte buffer; native memory is not copied. */
  private static final long NATIVE = 1L << 28;

  private static final long HEAP = 1L << 20;

  /** Takes one block. */
  @FunctionalInterface
  interface Action<E extends Exception> {
    void accept(ByteBuffer block) throws E;
  }

  private Blocks() {}

  static <E extends Exception> void forEach(MemorySegment memory, Action<E> action) throws E {
    long size = memory.isNative() ? NATIVE : HEAP;
    for (long at = 0; at < memory.byteSize(); at += size) {
      MemorySegment block = memory.asSlice(at, Math.min(size, memory.byteSize() - at));
      action.accept(memory.isNative() ? block.asByteBuffer() : copy(block));
    }
  }

  /** Arrays of floats and the like have no view as bytes. */
  private static ByteBuffer copy(MemorySegment block) {
    ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(block.byteSize()));
    MemorySegment.ofBuffer(copy).copyFrom(block);
    return copy;
  }

  /** Writes all of a buffer, which a channel's own method need not. */
  static void write(FileChannel out, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }
}
