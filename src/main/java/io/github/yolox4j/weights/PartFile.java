package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file as far as it is downloaded, TARGET.part, and beside it, TARGET.part.etag, what the server
 * called the content: without that a transfer cannot go on later. Locked until it is closed.
 */
final class PartFile implements AutoCloseable {

  /** What may stand in an HTTP header; anything else is not ours. */
  private static final Pattern VALIDATOR = Pattern.compile("[\\x20-\\x7e]{1,1000}");

  private final Path target;
  private final Path path;
  private final Path validator;
  private final FileChannel channel;

  /** Opens the part, or begins one, and makes its folder if it is missing. */
  PartFile(Path file) throws IOException {
    target = file.toAbsolutePath();
    path = target.resolveSibling(file.getFileName() + ".part");
    validator = target.resolveSibling(file.getFileName() + ".part.etag");
    Files.createDirectories(target.getParent());
    // a link would have what it leads to overwritten
    channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    if (!FolderLock.lock(channel)) {
      channel.close();
      throw new YoloxException("another download is writing %s".formatted(path));
    }
  }

  Path path() {
    return path;
  }

  long size() throws IOException {
    return Files.size(path);
  }

  /** The ETag or date of the content that the part is of; empty when it is of no use. */
  Optional<String> validator() throws IOException {
    return Files.exists(validator)
        ? Optional.of(Files.readString(validator)).filter(VALIDATOR.asMatchPredicate())
        : Optional.empty();
  }

  /** Empties the part, to be filled with the content that the server calls by the new name. */
  void restart(Optional<String> newValidator) throws IOException {
    // in this order a crash in between leaves no validator beside the wrong content
    Files.deleteIfExists(validator);
    channel.truncate(0);
    if (newValidator.isPresent()) {
      Files.writeString(validator, newValidator.get());
    }
  }

  /** Writes behind what is there. */
  void append(ByteBuffer bytes) throws IOException {
    channel.position(channel.size());
    Blocks.write(channel, bytes);
  }

  void force() throws IOException {
    channel.force(true);
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

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
