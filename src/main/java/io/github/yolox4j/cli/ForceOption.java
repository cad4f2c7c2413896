package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.files.FolderLock;
import io.github.yolox4j.files.UnfinishedFolder;
import io.github.yolox4j.stream.Overwriting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
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

  /** Requires a folder that is new or empty unless files may be replaced. */
  void requireAllowedFolder(Path target) {
    if (force || Files.notExists(target)) {
      return;
    }
    try (Stream<Path> entries = Files.list(target)) {
      // its lock, and what a killed run has left
      Set<String> hidden = Set.of(FolderLock.NAME, UnfinishedFolder.NAME);
      if (entries.anyMatch(entry -> !hidden.contains(entry.getFileName().toString()))) {
        throw new WrongUsage(
            "Folder %s is not empty; --force overwrites files in it".formatted(target));
      }
    } catch (IOException e) {
      throw new YoloxException(
          "Folder %s cannot be written into: %s".formatted(target, FileFailure.reason(e)), e);
    }
  }
}
