package io.github.yolox4j.video;

import io.github.yolox4j.YoloxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The header of an AVI file: "RIFF", the size of what follows, "AVI ". */
final class AviFile {

  private static final int HEADER = 12;

  private AviFile() {}

  /**
   * Tells whether a file is an AVI of the size that it states. Of a cut off one, OpenCV complains
   * on standard error whatever its log level.
   */
  static boolean isWhole(Path file) {
    try (var input = Files.newInputStream(file)) {
      byte[] header = input.readNBytes(HEADER);
      return header.length == HEADER
          && tag(header, 0).equals("RIFF")
          && tag(header, 8).equals("AVI ")
          && 8 + statedSize(header) == Files.size(file);
    } catch (IOException failure) {
      throw new YoloxException(file + " cannot be read", failure);
    }
  }

  private static long statedSize(byte[] header) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
  }

  private static String tag(byte[] header, int offset) {
    return new String(header, offset, 4, StandardCharsets.US_ASCII);
  }
}
