package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A hidden folder with the files that another is to have. {@link #commit} puts them in place: a
 * folder that was not there appears whole in one step, one that was there keeps what has other
 * names. {@link #close} without that deletes them. One run at a time makes a folder.
 */
public final class UnfinishedFolder implements AutoCloseable {

  /** The hidden folder's name in a folder that was there. */
  public static final String NAME = ".unfinished";

  private final Path target;
  private final boolean fresh;
  private final Path temporary;
  private final FolderLock lock;
  private boolean moved;

  /**
   * Makes the hidden folder, empty: beside the target, or in it if it is there.
   *
   * @param target the folder to make or add to
   * @throws YoloxException if another run is making it, or the folder cannot be made
   */
  public UnfinishedFolder(Path target) {
    this.target = target;
    this.fresh = Files.notExists(target);
    this.temporary =
        fresh
            ? target.resolveSibling(".%s%s".formatted(target.getFileName(), NAME))
            : target.resolve(NAME); // beside it may be another disk
    this.lock = FolderLock.of(temporary, target);
    try {
      deleteEntries(temporary); // of a run that was killed
    } catch (IOException e) {
      lock.close();
      throw FileFailure.cannotWrite(target, e);
    }
  }

  /** {@return the folder to write into} */
  public Path temporary() {
    return temporary;
  }

  /**
   * Puts the files, complete and closed by their writers, in place.
   *
   * @throws YoloxException if that fails
   */
  public void commit() {
    try {
      if (fresh) {
        AtomicFile.move(temporary, target);
        lock.moved(target);
        moved = true; // the name may be another run's by now
      } else {
        moveEntries(temporary, target);
      }
    } catch (IOException e) {
      throw FileFailure.cannotWrite(target, e);
    }
  }

  private static void moveEntries(Path from, Path to) throws IOException {
    for (Path entry : entries(from)) {
      Path place = to.resolve(entry.getFileName());
      if (Files.isDirectory(entry) && Files.isDirectory(place)) {
        moveEntries(entry, place);
      } else {
        AtomicFile.move(entry, place);
      }
    }
  }

  /** The entries of a folder but the lock. */
  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> !entry.endsWith(FolderLock.NAME)).toList();
    }
  }

  private static void deleteEntries(Path folder) throws IOException {
    for (Path entry : entries(folder)) {
      if (Files.isDirectory(entry)) {
        deleteEntries(entry);
      }
      Files.delete(entry);
    }
  }

  /** Deletes the hidden folder unless it was committed. */
  @Override
  public void close() {
    try (lock) {
      if (!moved) {
        deleteEntries(temporary);
        lock.close();
        Files.delete(temporary);
      }
    } catch (IOException _) {
      // what led here without a commit is the failure to report
    }
  }
}
