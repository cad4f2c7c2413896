package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to write into a folder, which one run has at a time: a lock on a hidden file in it. It
 * ends with {@link #close}, which deletes the file, or with the process. Where the file system has
 * no locks, every run has the right.
 */
public final class FolderLock implements AutoCloseable {

  /** The hidden file's name. */
  public static final String NAME = ".yolox4j.lock";

  private final FileChannel channel;
  private Path file;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the right to write into a folder.
   *
   * @param folder made unless it is there
   * @return the right, for the caller to close
   * @throws YoloxException if another run has it, or the folder cannot be written into
   */
  public static FolderLock of(Path folder) {
    return of(folder, folder);
  }

  /** The same for a folder that is called otherwise in messages. */
  static FolderLock of(Path folder, Path named) {
    Path file = NewFolder.made(folder).resolve(NAME);
    try {
      while (true) {
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (refused(channel)) {
          channel.close();
          throw new YoloxException(
              "Folder %s is being written into by another run".formatted(named));
        }
        if (Files.exists(file)) {
          return new FolderLock(file, channel);
        }
        channel.close(); // the run before has deleted it meanwhile
      }
    } catch (IOException e) {
      throw FileFailure.cannotWrite(named, e);
    }
  }

  private static boolean refused(FileChannel channel) {
    try {
      return !lock(channel);
    } catch (IOException _) {
      return false; // not every file system of a network has locks
    }
  }

  /**
   * Locks a file until it is closed.
   *
   * @param channel the file, open for writing
   * @return false where another process, or this one, has locked it
   * @throws IOException if the file system has no locks
   */
  public static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // by this process
    }
  }

  /** Is to be called when the folder has got another name. */
  void moved(Path folder) {
    file = folder.resolve(NAME);
  }

  @Override
  public void close() {
    if (channel.isOpen()) {
      try (channel) {
        Files.deleteIfExists(file);
      } catch (IOException _) {
        // an empty hidden file that is left is in nobody's way
      }
    }
  }
}
