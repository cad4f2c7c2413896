package io.github.yolox4j.video;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The header of an AVI file: "RIFF", the size of what follows, "AVI ". */
final class AviFile {

  private static final int HEADER = 12;
  private static final int RIFF = 0x46464952;
  private static final int AVI = 0x20495641;

  private AviFile() {}

  /**
   * Tells whether a file is an AVI of the size that it states. Of a cut off one, OpenCV complains
   * on standard error whatever its log level.
   */
  static boolean isWhole(Path file) {
    try (var input = Files.newInputStream(file)) {
      ByteBuffer header = ByteBuffer.wrap(input.readNBytes(HEADER)).order(ByteOrder.LITTLE_ENDIAN);
      return header.limit() == HEADER
          && header.getInt(0) == RIFF
          && header.getInt(8) == AVI
          && 8 + Integer.toUnsignedLong(header.getInt(4)) == Files.size(file);
    } catch (IOException failure) {
      throw new YoloxException(file + " cannot be read", failure);
    }
  }
}
