package io.github.yolox4j.weights;

import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file as far as it is downloaded, TARGET.part, and beside it, TARGET.part.etag, what the server
 * called the content: without that a transfer cannot go on later.
 */
final class PartFile {

  /** What may stand in an HTTP header; anything else is not ours. */
  private static final Pattern VALIDATOR = Pattern.compile("[\\x20-\\x7e]{1,1000}");

  private final Path target;
  private final Path path;
  private final Path validator;

  PartFile(Path target) {
    this.target = target.toAbsolutePath();
    this.path = this.target.resolveSibling(target.getFileName() + ".part");
    this.validator = this.target.resolveSibling(target.getFileName() + ".part.etag");
  }

  Path path() {
    return path;
  }

  Path folder() {
    return path.getParent();
  }

  /** The ETag or date of the content that the part is of; empty when it is of no use. */
  Optional<String> validator() throws IOException {
    if (!Files.exists(validator)) {
      return Optional.empty();
    }
    String text = Files.readString(validator);
    return VALIDATOR.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }

  /** Empties the part, to be filled with the content that the server calls by the new name. */
  void restart(FileChannel channel, Optional<String> newValidator) throws IOException {
    // in this order a crash in between leaves no validator beside the wrong content
    Files.deleteIfExists(validator);
    channel.truncate(0);
    if (newValidator.isPresent()) {
      Files.writeString(validator, newValidator.get());
    }
  }

  /** Moves the whole, checked file to its name. */
  void finish() throws IOException {
    AtomicFile.move(path, target);
    Files.deleteIfExists(validator);
  }

  void delete() throws IOException {
    Files.deleteIfExists(validator);
    Files.deleteIfExists(path);
  }
}
