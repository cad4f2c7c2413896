package io.github.yolox4j.files;

import io.github.yolox4j.YoloxException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes whole files: into a temporary file in the target's folder, which is forced to disk and
 * then moved over the target in one step. A reader sees the old file or the new one, never a part;
 * when writing fails the target is as it was and the temporary file is gone. Safe for use by many
 * threads.
 */
public final class AtomicFile {

  /**
   * Writes a file's content.
   *
   * @param <T> what the content is written to
   */
  @FunctionalInterface
  public interface Content<T> {
    /**
     * Writes everything; the caller closes {@code out}.
     *
     * @param out where to write
     * @throws IOException when writing fails
     */
    void writeTo(T out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file through a buffered stream.
   *
   * @param target the file to make or replace; its folder must exist
   * @param content writes the content
   * @throws YoloxException if the file cannot be written
   */
  public static void write(Path target, Content<OutputStream> content) {
    writeChannel(
        target,
        channel -> {
          // closed by the channel's owner: closing the stream here would close the channel unforced
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
          content.writeTo(out);
          out.flush();
        });
  }

  /**
   * Writes a file through its channel, for large blocks of memory and for random access.
   *
   * @param target the file to make or replace; its folder must exist
   * @param content writes the content
   * @throws YoloxException if the file cannot be written
   */
  public static void writeChannel(Path target, Content<FileChannel> content) {
    try (UnfinishedFile file = new UnfinishedFile(target)) {
      try {
        content.writeTo(file.channel());
      } catch (IOException e) {
        throw FileFailure.cannotWrite(target, e);
      }
      file.commit();
    }
  }

  /**
   * Moves a finished file over another in the same folder, in one step that survives a power cut.
   *
   * @param from the finished file, already forced to disk
   * @param target the file to make or replace
   * @throws IOException if the move fails; {@code from} is then still there
   */
  public static void move(Path from, Path target) throws IOException {
    Files.move(from, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = target.toAbsolutePath().getParent();
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    } catch (IOException _) {
      // Windows opens no folders: the move is then as durable as the file system makes it
    }
  }
}
