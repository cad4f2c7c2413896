package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders to write into. */
public final class NewFolder {

  private NewFolder() {}

  /**
   * Makes a folder, and those above it, unless it is there.
   *
   * @param folder the folder
   * @return the same
   * @throws YoloxException if it cannot be made
   */
  public static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be made: %s".formatted(folder, FileFailure.reason(e)), e);
    }
  }
}
