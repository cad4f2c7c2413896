package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The files that a command reads, by their real paths. */
final class InputFiles {

  private final Set<Path> files = new HashSet<>();

  /** Adds files that the user named; null and what does not exist are left out. */
  static InputFiles of(Path... named) {
    InputFiles inputs = new InputFiles();
    for (Path file : named) {
      if (file != null && Files.exists(file)) {
        inputs.add(file);
      }
    }
    return inputs;
  }

  /** Adds a file that exists; tells whether it was new. */
  boolean add(Path file) {
    return files.add(real(file));
  }

  void addAll(InputFiles others) {
    files.addAll(others.files);
  }

  /** Tells whether a file that exists is one of these, whatever path leads to it. */
  boolean contains(Path file) {
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
