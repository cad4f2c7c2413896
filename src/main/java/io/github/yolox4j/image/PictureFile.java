package io.github.yolox4j.image;

import io.github.yolox4j.YoloxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds cut-off picture files, of which the decoders make gray pictures without a word. Looks at
 * JPEG and PNG; other formats' decoders refuse by themselves.
 */
final class PictureFile {

  private static final int JPEG = 0xFFD8;
  private static final long PNG = 0x89504E470D0A1A0AL;
  private static final int PNG_END = 0x49454E44;
  private static final int MARKER = 0xFF;
  private static final int END_OF_IMAGE = 0xD9;

  private PictureFile() {}

  /**
   * Refuses a JPEG or PNG file that ends before its picture does.
   *
   * @param content the file
   * @param name what to call it in the message
   */
  static void requireWhole(ByteBuffer content, String name) {
    ByteBuffer file = content.duplicate().order(ByteOrder.BIG_ENDIAN).position(0);
    boolean whole = true;
    if (file.limit() >= 2 && (file.getShort(0) & 0xFFFF) == JPEG) {
      whole = endsAsJpeg(file);
    } else if (file.limit() >= 8 && file.getLong(0) == PNG) {
      whole = endsAsPng(file);
    }
    if (!whole) {
      throw new YoloxException(
          "%s is cut off: its picture does not end within its %d bytes"
              .formatted(name, file.limit()));
    }
  }

  private static boolean endsAsJpeg(ByteBuffer file) {
    int limit = file.limit();
    if ((file.getShort(limit - 2) & 0xFFFF) == (MARKER << 8 | END_OF_IMAGE)) {
      return true; // the usual end; only other files need the walk
    }
    int at = 2;
    while (at + 1 < limit) {
      if ((file.get(at) & 0xFF) != MARKER) {
        at++; // compressed data, or bytes that decoders skip
        continue;
      }
      int marker = file.get(at + 1) & 0xFF;
      if (marker == END_OF_IMAGE) {
        return true;
      }
      if (marker == MARKER) {
        at++;
      } else if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= 0xD8)) {
        at += 2; // a stuffed byte, or a marker without a segment
      } else if (at + 3 < limit) {
        at += 2 + (file.getShort(at + 2) & 0xFFFF);
      } else {
        return false;
      }
    }
    return false;
  }

  private static boolean endsAsPng(ByteBuffer file) {
    long at = 8;
    while (at + 12 <= file.limit()) {
      long length = file.getInt((int) at) & 0xFFFFFFFFL;
      if (file.getInt((int) at + 4) == PNG_END) {
        return true;
      }
      at += 12 + length;
    }
    return false;
  }
}
