package io.github.yolox4j.augment;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.AtomicFile;
import io.github.yolox4j.files.FileFailure;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Keeps pictures in files. An entry is a header (magic, the picture's sides, the fitted sides, the
 * pixels' CRC-32C, all big-endian ints) and the BGR pixels, row by row.
 */
final class DiskCache extends ImageCache {

  /** Changes with the layout of entries and with how a picture is decoded or resized. */
  private static final int MAGIC = 0x594A4331;

  private static final int HEADER = 6 * Integer.BYTES;

  private final Path folder;
  private final Consumer<String> warning;
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final AtomicLong left;

  DiskCache(Path folder, long bytes, int writers, Consumer<String> warning) {
    if (!Files.isDirectory(folder)) {
      throw new YoloxException("%s is no folder; expected one for cached images".formatted(folder));
    }
    this.folder = folder;
    this.warning = warning;
    this.left = new AtomicLong((bytes - size(folder)) / writers);
  }

  private static long size(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.mapToLong(entry -> entry.toFile().length()).sum();
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(folder, FileFailure.reason(e)), e);
    }
  }

  @Override
  FittedPicture fitted(Path file, Letterbox input) {
    byte[] content = content(file);
    Path entry =
        folder.resolve("%s-%dx%d.bgr".formatted(hash(content), input.width(), input.height()));
    FittedPicture kept = read(entry, input);
    if (kept != null) {
      return kept;
    }
    FittedPicture made = FittedPicture.of(Picture.decode(content, file.toString()), input);
    if (writing.get()) {
      long bytes = HEADER + made.bytes();
      if (left.addAndGet(-bytes) >= 0) {
        write(entry, made);
      } else {
        left.addAndGet(bytes);
      }
    }
    return made;
  }

  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new YoloxException("Picture %s does not exist".formatted(file), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The entry, or null where there is none or it is damaged. */
  private static FittedPicture read(Path entry, Letterbox input) {
    try (FileChannel channel = FileChannel.open(entry)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      readFully(channel, header);
      int magic = header.getInt();
      int originalWidth = header.getInt();
      int originalHeight = header.getInt();
      int width = header.getInt();
      int height = header.getInt();
      int checksum = header.getInt();
      if (magic != MAGIC
          || originalWidth < 1
          || originalHeight < 1
          || !FittedSize.of(input, originalWidth, originalHeight).isSize(width, height)
          || channel.size() != HEADER + Pixels.bytes(width, height)) {
        return null;
      }
      FittedPicture picture =
          new FittedPicture(
              new Mat(height, width, opencv_core.CV_8UC3), originalWidth, originalHeight);
      try {
        ByteBuffer pixels = pixels(picture);
        readFully(channel, pixels);
        if (checksum(pixels) == checksum) {
          return picture;
        }
      } catch (IOException e) {
        picture.close();
        throw e;
      }
      picture.close();
      return null;
    } catch (IOException _) {
      return null; // the picture itself is there to be decoded
    }
  }

  private void write(Path entry, FittedPicture picture) {
    ByteBuffer pixels = pixels(picture);
    ByteBuffer header =
        ByteBuffer.allocate(HEADER)
            .putInt(MAGIC)
            .putInt(picture.originalWidth())
            .putInt(picture.originalHeight())
            .putInt(picture.mat().cols())
            .putInt(picture.mat().rows())
            .putInt(checksum(pixels))
            .flip();
    try {
      AtomicFile.writeChannel(
          entry,
          channel -> {
            writeFully(channel, header);
            writeFully(channel, pixels);
          });
    } catch (YoloxException e) {
      if (writing.getAndSet(false)) {
        warning.accept(
            "Images are no longer written to the cache %s: %s".formatted(folder, e.getMessage()));
      }
    }
  }

  @SuppressWarnings("restricted")
  private static ByteBuffer pixels(FittedPicture picture) {
    return MemorySegment.ofAddress(picture.mat().data().address())
        .reinterpret(picture.bytes())
        .asByteBuffer();
  }

  private static int checksum(ByteBuffer pixels) {
    CRC32C crc = new CRC32C();
    crc.update(pixels.duplicate().rewind());
    return (int) crc.getValue();
  }

  private static void readFully(FileChannel channel, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new IOException("cut off");
      }
    }
    target.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }
}
