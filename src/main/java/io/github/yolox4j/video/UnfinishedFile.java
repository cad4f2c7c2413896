package io.github.yolox4j.video;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A temporary file beside the file that it is to become. */
final class UnfinishedFile implements AutoCloseable {

  private final Path target;
  private final Path temporary;

  /** Creates the temporary file, with the target's extension. */
  UnfinishedFile(Path target) {
    this.target = target;
    try {
      temporary =
          Files.createTempFile(
              target.toAbsolutePath().getParent(), ".", "-" + target.getFileName());
    } catch (IOException failure) {
      throw new YoloxException(
          target + " cannot be created: is its folder there, and writable?", failure);
    }
  }

  /** Returns a path with another extension, or with one if it has none. */
  static Path withExtension(Path path, String extension) {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return path.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + extension);
  }

  Path target() {
    return target;
  }

  Path temporary() {
    return temporary;
  }

  /** Puts the file, complete and closed by its writer, in the target's place. */
  void commit() {
    try {
      try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(temporary, target, ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new YoloxException(target + " cannot be written", failure);
    }
  }

  /** Deletes the temporary file unless it was committed. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException failure) {
      throw new YoloxException(temporary + " cannot be deleted", failure);
    }
  }
}
