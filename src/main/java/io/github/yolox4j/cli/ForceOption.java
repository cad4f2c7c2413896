package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.stream.Overwriting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Whether files that are there may be replaced. */
final class ForceOption {

  @Option(names = "--force", description = "Overwrite files that exist, but none that is read.")
  private boolean force;

  /** The rule for a command that reads some files. */
  Overwriting except(FileSet inputs) {
    return target -> {
      if (!Files.exists(target)) {
        return target;
      }
      if (!Files.isRegularFile(target)) {
        throw new WrongUsage("%s is not a regular file".formatted(target));
      }
      if (inputs.contains(target)) {
        throw new WrongUsage("%s is read from; expected another file to write".formatted(target));
      }
      if (!force) {
        throw new WrongUsage("%s exists; --force overwrites it".formatted(target));
      }
      return target;
    };
  }

  /** Makes a folder that may be written into: a new or empty one unless files may be replaced. */
  Path allowedFolder(Path target) {
    try {
      Files.createDirectories(target);
      try (Stream<Path> entries = Files.list(target)) {
        if (!force && entries.findAny().isPresent()) {
          throw new WrongUsage(
              "Folder %s is not empty; --force overwrites files in it".formatted(target));
        }
      }
      return target;
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be made: %s".formatted(target, FileFailure.reason(e)), e);
    }
  }
}
