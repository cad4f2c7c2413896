package io.github.yolox4j.cli;

import io.github.yolox4j.detect.ClassNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Names of the classes. */
final class ClassesOption {

  @Option(
      names = "--classes",
      paramLabel = "NAMES.txt",
      description = "A class name per line (default: the weights', else COCO's for 80 classes).")
  private Path file;

  /** The file that was named, else null. */
  Path file() {
    return file;
  }

  Optional<List<String>> names() {
    return Optional.ofNullable(file).map(ClassNames::read);
  }
}
