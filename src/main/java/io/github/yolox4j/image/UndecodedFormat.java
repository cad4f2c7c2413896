package io.github.yolox4j.image;

import io.github.yolox4j.YoloxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Formats of pictures that OpenCV, as it is built, has no decoder for, or one that it keeps off for
 * safety and then advises to switch on.
 */
enum UndecodedFormat {
  AVIF("AVIF", "....ftypavi[fs]"),
  HEIF("HEIF", "....ftyp(he[iv].|mif1|msf1)"),
  JPEG_2000("JPEG 2000", "\\x00{3}\\x0CjP {2}|\\xFFO\\xFFQ"),
  JPEG_XL("JPEG XL", "\\x00{3}\\x0CJXL |\\xFF\\n"),
  OPENEXR("OpenEXR", "v/1\\x01");

  private static final int LONGEST_START = 12;

  private final String title;
  private final Pattern start;

  UndecodedFormat(String title, String start) {
    this.title = title;
    this.start = Pattern.compile(start, Pattern.DOTALL);
  }

  /** Refuses a file in one of these formats, which its first bytes tell. */
  static void refuse(ByteBuffer content, String name) {
    byte[] first = new byte[Math.min(LONGEST_START, content.limit())];
    content.get(0, first);
    String text = new String(first, StandardCharsets.ISO_8859_1);
    for (UndecodedFormat format : values()) {
      if (format.start.matcher(text).lookingAt()) {
        throw new YoloxException(
            "%s is a picture in the format %s; expected JPEG, PNG, BMP, WebP or TIFF"
                .formatted(name, format.title));
      }
    }
  }
}
