package io.github.yolox4j.image;

import java.nio.ByteBuffer;

/** Walks from marker to marker of a JPEG file, over compressed data and what decoders skip. */
final class JpegMarkers {

  /** What {@link #next} returns where the file ends. */
  static final int NONE = -1;

  static final int END_OF_IMAGE = 0xD9;
  static final int START_OF_SCAN = 0xDA;
  private static final int MARKER = 0xFF;

  private final ByteBuffer file;
  private int at;
  private int next = 2;

  /**
   * Begins behind the start of the image.
   *
   * @param file the file in big-endian order
   */
  JpegMarkers(ByteBuffer file) {
    this.file = file;
  }

  /** Goes on to the next segment, or to the end of the image, and returns its marker. */
  int next() {
    at = next;
    while (at + 1 < file.limit()) {
      int marker = unsignedByte(1);
      if (unsignedByte(0) != MARKER || marker == MARKER) {
        at++;
      } else if (marker <= 1 || (marker >= 0xD0 && marker <= 0xD8)) {
        at += 2; // a stuffed byte, or a marker without a segment
      } else if (marker == END_OF_IMAGE || at + 3 < file.limit()) {
        next = at + 2 + (marker == END_OF_IMAGE ? 0 : unsignedShort(2));
        return marker;
      } else {
        return NONE;
      }
    }
    return NONE;
  }

  /** Whether a marker begins the description of the frame. */
  static boolean isFrame(int marker) {
    return marker == 0xC0 || (marker > 0xC0 && marker < 0xD0 && marker % 4 != 0);
  }

  /** The byte so far behind the marker's begin. */
  int unsignedByte(int offset) {
    return file.get(at + offset) & 0xFF;
  }

  /** The two bytes so far behind the marker's begin. */
  int unsignedShort(int offset) {
    return file.getShort(at + offset) & 0xFFFF;
  }
}
