package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A temporary file beside the file that it is to become, for writers that need a path or write over
 * a long time. {@link #commit} puts it in the target's place; {@link #close} without that deletes
 * it. Those that killed processes have left of the same target are deleted.
 */
public final class UnfinishedFile implements AutoCloseable {

  private static final int BLOCK_BYTES = 1 << 20;
  private static final int PREFIX = 10;

  private static final Pattern NAME = Pattern.compile("\\.[0-9a-f]{8}-.+", Pattern.DOTALL);

  /** By folder, what lay in it when this process first wrote there: listed once, being slow. */
  private static final Map<Path, List<Path>> LEFT_BEHIND = new ConcurrentHashMap<>();

  private final Path target;
  private final Path temporary;

  /** Holds a lock, by which other processes tell that this one lives. */
  private final FileChannel channel;

  /**
   * Creates the temporary file, empty and with the target's extension.
   *
   * @param target the file to make or replace; its folder must exist
   * @throws YoloxException if the folder is missing or not writable
   */
  public UnfinishedFile(Path target) {
    this.target = target;
    Path folder = target.toAbsolutePath().getParent();
    Path name = target.getFileName();
    if (folder == null || name == null) {
      throw new YoloxException(
          "%s cannot be written: it is not the name of a file".formatted(target));
    }
    temporary = folder.resolve(".%08x-%s".formatted(ThreadLocalRandom.current().nextInt(), name));
    deleteLeftBehind(folder, name.toString());
    try {
      channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw FileFailure.cannotWrite(target, e);
    }
    try {
      boolean _ = FolderLock.lock(channel);
    } catch (IOException _) {
      // where there are no locks, nobody gets one to delete it by
    }
  }

  private static void deleteLeftBehind(Path folder, String name) {
    for (Path file : LEFT_BEHIND.computeIfAbsent(folder, UnfinishedFile::unfinished)) {
      if (file.getFileName().toString().substring(PREFIX).equals(name) && Files.exists(file)) {
        try (var left = FileChannel.open(file, StandardOpenOption.WRITE)) {
          if (FolderLock.lock(left)) {
            Files.deleteIfExists(file);
          }
        } catch (IOException _) {
          // it stays
        }
      }
    }
  }

  private static List<Path> unfinished(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> NAME.matcher(file.getFileName().toString()).matches()).toList();
    } catch (IOException _) {
      return List.of(); // writing will say why
    }
  }

  /** {@return what the file is to become} */
  public Path target() {
    return target;
  }

  /** The file's content, for those who need no path; to be left open. */
  FileChannel channel() {
    return channel;
  }

  /** {@return the file to write to, which exists, in the target's folder} */
  public Path temporary() {
    return temporary;
  }

  /**
   * Finds out whether the disk has room, by filling the file with zeros: for writers that begin it
   * anew and would not survive a full disk.
   *
   * @param bytes how much will be written at most
   * @throws YoloxException if there is no room
   */
  public void requireRoom(long bytes) {
    ByteBuffer zeros = ByteBuffer.allocate(BLOCK_BYTES);
    try {
      channel.truncate(0);
      for (long left = bytes; left > 0; left -= BLOCK_BYTES) {
        zeros.position(0).limit((int) Math.min(left, BLOCK_BYTES));
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
      }
    } catch (IOException e) {
      throw FileFailure.cannotWrite(target, e);
    }
  }

  /**
   * Puts the file, complete and closed by its writer, in the target's place, in one step that
   * survives a power cut.
   *
   * @throws YoloxException if that fails
   */
  public void commit() {
    try {
      channel.force(true);
      AtomicFile.move(temporary, target);
    } catch (IOException e) {
      throw FileFailure.cannotWrite(target, e);
    }
  }

  /** Deletes the temporary file unless it was committed. */
  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(temporary);
    } catch (IOException _) {
      // what led here without a commit is the failure to report
    }
  }
}
