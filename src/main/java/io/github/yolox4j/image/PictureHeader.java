package io.github.yolox4j.image;

import io.github.yolox4j.YoloxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a picture file says of its sides, so that nobody decodes a small file that asks for much
 * memory. Reads JPEG, PNG, GIF, BMP and WebP; other formats' decoders have a bound of their own.
 */
final class PictureHeader {

  /** {@code -Dyolox4j.most-pixels} allows more, or fewer. */
  private static final long MOST_PIXELS = Long.getLong("yolox4j.most-pixels", 1L << 28);

  private static final int JPEG = 0xFFD8;
  private static final int PNG = 0x89504E47;
  private static final int GIF = 0x47494638;
  private static final int BMP = 0x424D;
  private static final int RIFF = 0x52494646;
  private static final int WEBP_LOSSY = 0x56503820;
  private static final int WEBP_LOSSLESS = 0x5650384C;
  private static final int WEBP_EXTENDED = 0x56503858;

  private final ByteBuffer file;

  private PictureHeader(ByteBuffer content) {
    file = content.duplicate().position(0);
  }

  /** Refuses a picture of more pixels than are allowed. */
  static void requireBounded(ByteBuffer content, String name) {
    long[] sides;
    try {
      sides = new PictureHeader(content).sides();
    } catch (IndexOutOfBoundsException _) {
      return; // cut off, which is told elsewhere
    }
    if (sides[0] > 0 && sides[1] > MOST_PIXELS / sides[0]) {
      throw new YoloxException(
          "%s has %dx%d pixels; expected at most %d in all (-Dyolox4j.most-pixels allows more)"
              .formatted(name, sides[0], sides[1], MOST_PIXELS));
    }
  }

  /** Width and height; zeros where the format does not tell. */
  private long[] sides() {
    file.order(ByteOrder.BIG_ENDIAN);
    if ((file.getShort(0) & 0xFFFF) == JPEG) {
      return jpeg();
    }
    if ((file.getShort(0) & 0xFFFF) == BMP) {
      file.order(ByteOrder.LITTLE_ENDIAN);
      return new long[] {Math.abs((long) file.getInt(18)), Math.abs((long) file.getInt(22))};
    }
    return switch (file.getInt(0)) {
      case PNG -> new long[] {unsigned(16), unsigned(20)};
      case GIF -> {
        file.order(ByteOrder.LITTLE_ENDIAN);
        yield new long[] {file.getShort(6) & 0xFFFF, file.getShort(8) & 0xFFFF};
      }
      case RIFF -> webp();
      default -> new long[2];
    };
  }

  private long unsigned(int at) {
    return file.getInt(at) & 0xFFFFFFFFL;
  }

  /** What the frame header before the first scan says. */
  private long[] jpeg() {
    JpegMarkers markers = new JpegMarkers(file);
    int marker = markers.next();
    while (marker != JpegMarkers.NONE && marker != JpegMarkers.START_OF_SCAN) {
      if (JpegMarkers.isFrame(marker)) {
        return new long[] {markers.unsignedShort(7), markers.unsignedShort(5)};
      }
      marker = markers.next();
    }
    return new long[2];
  }

  private long[] webp() {
    int kind = file.getInt(12);
    file.order(ByteOrder.LITTLE_ENDIAN);
    return switch (kind) {
      case WEBP_EXTENDED ->
          new long[] {1 + (file.getInt(24) & 0xFFFFFF), 1 + (file.getInt(26) >>> 8)};
      case WEBP_LOSSLESS -> {
        int bits = file.getInt(21);
        yield new long[] {1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)};
      }
      case WEBP_LOSSY -> new long[] {file.getShort(26) & 0x3FFF, file.getShort(28) & 0x3FFF};
      default -> new long[2];
    };
  }
}
