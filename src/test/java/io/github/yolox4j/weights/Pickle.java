package io.github.yolox4j.weights;

import io.github.yolox4j.files.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds a pickle byte by byte, for tests. */
final class Pickle {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins a pickle of protocol 2. */
  static Pickle begin() {
    return new Pickle().op(0x80, 2);
  }

  Pickle op(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Pickle global(String module, String name) {
    return raw("c" + module + "\n" + name + "\n");
  }

  Pickle raw(String latin) {
    out.writeBytes(latin.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Pickle text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op('X').int32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  Pickle int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  Pickle int64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  /** Ends the pickle. */
  byte[] stop() {
    return op('.').bytes();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** Writes a checkpoint of one float storage "0" around a pickle. */
  static Path checkpoint(Path folder, byte[] pickle, float... storage) {
    Path file = folder.resolve("crafted.pth");
    AtomicFile.writeChannel(
        file,
        channel -> {
          ZipWriter zip = new ZipWriter(channel);
          zip.add("crafted/data.pkl", MemorySegment.ofArray(pickle));
          zip.add("crafted/data/0", MemorySegment.ofArray(storage));
          zip.finish();
        });
    return file;
  }

  static Path file(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
