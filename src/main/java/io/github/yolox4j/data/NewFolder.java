package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders to write into. */
final class NewFolder {

  private NewFolder() {}

  /** Makes a folder unless it is there, and returns it. */
  static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be made: %s".formatted(folder, FileFailure.reason(e)), e);
    }
  }
}
