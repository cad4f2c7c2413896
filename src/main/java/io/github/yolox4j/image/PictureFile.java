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
  private static final int JPEG_END = 0xFFD9;

  private PictureFile() {}

  /**
   * Refuses a JPEG or PNG file that ends before its picture does. Of a JPEG, the end marker alone
   * may be missing.
   *
   * @param content the file
   * @param name what to call it in the message
   * @return whether its end is as it should be; false for a JPEG that lacks its end marker only
   */
  static boolean requireWhole(ByteBuffer content, String name) {
    ByteBuffer file = content.duplicate().order(ByteOrder.BIG_ENDIAN).position(0);
    boolean whole = true;
    boolean unended = lacksEndMarker(file);
    if (unended) {
      whole = new UnendedJpeg(file).isComplete();
    } else if (file.limit() >= 8 && file.getLong(0) == PNG) {
      whole = endsAsPng(file);
    }
    if (!whole) {
      throw new YoloxException(
          "%s is cut off: its picture does not end within its %d bytes"
              .formatted(name, file.limit()));
    }
    return !unended;
  }

  /** Whether a file is a JPEG without its end marker. */
  static boolean lacksEndMarker(ByteBuffer content) {
    ByteBuffer file = content.duplicate().order(ByteOrder.BIG_ENDIAN);
    if (file.limit() < 2 || (file.getShort(0) & 0xFFFF) != JPEG) {
      return false;
    }
    if ((file.getShort(file.limit() - 2) & 0xFFFF) == JPEG_END) {
      return false; // the usual end; only other files need the walk
    }
    JpegMarkers markers = new JpegMarkers(file);
    int marker = markers.next();
    while (marker != JpegMarkers.NONE && marker != JpegMarkers.END_OF_IMAGE) {
      marker = markers.next();
    }
    return marker == JpegMarkers.NONE;
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
