package io.github.yolox4j.data;

import java.io.IOException;
import java.util.Arrays;

/**
 * A mask as COCO writes it: the lengths of runs that are outside and inside in turns, down the
 * columns, as numbers or as pycocotools' text.
 *
 * @param height of the mask, in pixels
 * @param width of the mask, in pixels
 * @param runs whose sum is height * width
 */
@SuppressWarnings("ArrayRecordComponent")
record RunLengths(long height, long width, long[] runs) {

  /** Bits of a character of the text that belong to a number. */
  private static final int BITS = 5;

  private static final long MOST_SIDE = 1L << 20;
  private static final int FIRST_CHARACTER = 48;
  private static final int MORE = 0x20;
  private static final int SIGN = 0x10;

  /** Reads an object with {@code size} and {@code counts}. */
  static RunLengths read(JsonInput json) throws IOException {
    long[] size = {};
    long[] counts = {};
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "size" -> size = json.wholeNumbers(key);
        case "counts" -> counts = json.atText() ? parse(json.text(key)) : json.wholeNumbers(key);
        default -> json.skip();
      }
    }
    json.require(
        size.length == 2 && size[0] > 0 && size[1] > 0 && Math.max(size[0], size[1]) <= MOST_SIDE,
        "segmentation has no size of height and width in pixels");
    long left = size[0] * size[1];
    for (long run : counts) {
      json.require(run >= 0 && run <= left, "segmentation has runs that are no mask's");
      left -= run;
    }
    return new RunLengths(size[0], size[1], counts);
  }

  /**
   * Numbers of 5 bits a character, least first, from the third on as differences to the last but
   * one.
   */
  private static long[] parse(String text) {
    long[] runs = new long[text.length()];
    int count = 0;
    for (int i = 0; i < text.length(); count++) {
      long run = 0;
      int shift = 0;
      int bits;
      do {
        bits = text.charAt(i++) - FIRST_CHARACTER;
        run |= (long) (bits & (MORE - 1)) << shift;
        shift += BITS;
      } while ((bits & MORE) != 0 && i < text.length());
      if ((bits & SIGN) != 0 && shift < Long.SIZE) {
        run |= -1L << shift;
      }
      runs[count] = count > 2 ? run + runs[count - 2] : run;
    }
    return Arrays.copyOf(runs, count);
  }

  /** The pixels' bounds; null of an empty mask. */
  BoundingBox bounds() {
    long left = width;
    long right = -1;
    long top = height;
    long bottom = -1;
    long at = 0;
    for (int i = 0; i < runs.length; i++) {
      long end = at + runs[i];
      if (i % 2 == 1 && runs[i] > 0) {
        long last = end - 1;
        left = Math.min(left, at / height);
        right = Math.max(right, last / height);
        boolean oneColumn = at / height == last / height;
        top = Math.min(top, oneColumn ? at % height : 0);
        bottom = Math.max(bottom, oneColumn ? last % height : height - 1);
      }
      at = end;
    }
    return right < 0 ? null : new BoundingBox(left, top, right - left + 1.0, bottom - top + 1.0);
  }
}
