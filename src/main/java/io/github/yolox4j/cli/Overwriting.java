package io.github.yolox4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Whether files that are there may be replaced. */
final class Overwriting {

  @Option(names = "--force", description = "Overwrite files that exist.")
  private boolean force;

  /** Returns a path that may be written to. */
  Path allowed(Path target) {
    if (!force && Files.exists(target)) {
      throw new WrongUsage("%s exists; --force overwrites it".formatted(target));
    }
    return target;
  }
}
