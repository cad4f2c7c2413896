package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Files that exist, whatever paths lead to them. For one thread at a time. */
public final class FileSet {

  private final Set<Path> files = new HashSet<>();

  /** Makes an empty set. */
  public FileSet() {}

  /**
   * Collects files.
   *
   * @param named the files; null and what does not exist are left out
   * @return the set
   */
  public static FileSet of(Path... named) {
    FileSet set = new FileSet();
    for (Path file : named) {
      if (file != null && Files.exists(file)) {
        set.add(file);
      }
    }
    return set;
  }

  /**
   * Adds a file.
   *
   * @param file a file that exists
   * @return whether it was new
   * @throws YoloxException if there is no such file
   */
  public boolean add(Path file) {
    return files.add(real(file));
  }

  /**
   * Tells whether a file is one of these.
   *
   * @param file a file that exists
   * @return whether it has been added, by whatever path
   * @throws YoloxException if there is no such file
   */
  public boolean contains(Path file) {
    return files.contains(real(file));
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new YoloxException("%s cannot be found".formatted(file), e);
    }
  }
}
