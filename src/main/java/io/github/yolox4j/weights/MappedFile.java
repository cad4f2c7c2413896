package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** An untrusted file in memory, mapped read-only; what is read from it lives until it is closed. */
final class MappedFile implements AutoCloseable {

  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Path path, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
  }

  static MappedFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw new YoloxException("%s is a folder, not a weights file".formatted(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      Arena arena = Arena.ofShared();
      return new MappedFile(
          path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (NoSuchFileException e) {
      throw new YoloxException("there is no file %s".formatted(path), e);
    } catch (IOException e) {
      throw new YoloxException("cannot read %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** Opens a file for a reader, whose result owns it. */
  static <T> T read(Path path, Function<MappedFile, T> reader) {
    MappedFile file = open(path);
    try {
      return reader.apply(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  String source() {
    return path.toString();
  }

  MemorySegment bytes() {
    return bytes;
  }

  long size() {
    return bytes.byteSize();
  }

  /** Memory that lives as long as the mapping. */
  MemorySegment allocate(long size) {
    return arena.allocate(size, Long.BYTES);
  }

  /** The bytes [begin, begin + length), which must lie in the file. */
  MemorySegment slice(long begin, long length, String what) {
    if (begin < 0 || length < 0 || begin > size() || length > size() - begin) {
      throw broken(
          "%s would take %s bytes from %s, and the file has %d: it is damaged or cut off"
              .formatted(
                  what, Long.toUnsignedString(length), Long.toUnsignedString(begin), size()));
    }
    return bytes.asSlice(begin, length);
  }

  static String utf8(MemorySegment segment) {
    return new String(segment.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** An error in the file. */
  YoloxException broken(String what) {
    return broken(what, null);
  }

  YoloxException broken(String what, Throwable cause) {
    return new YoloxException(path + ": " + what, cause);
  }

  @Override
  public void close() {
    arena.close();
  }
}
