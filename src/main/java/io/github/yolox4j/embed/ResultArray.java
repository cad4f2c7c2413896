package io.github.yolox4j.embed;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.detect.Detection;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The caller's arrays for results.
 *
 * @param detections of {@code yolox_detection}, capacity elements for each picture
 * @param capacity 0 or more
 * @param found of {@code size_t}, one for each picture
 */
record ResultArray(MemorySegment detections, long capacity, MemorySegment found) {

  /** The struct has eight fields of four bytes. */
  private static final int WORDS = 8;

  private static final long MAX_CAPACITY = 1L << 32;

  /** Checks the capacity. */
  ResultArray {
    if (capacity < 0 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity is %s; expected 0 to %d"
              .formatted(Long.toUnsignedString(capacity), MAX_CAPACITY));
    }
  }

  /** Writes as many of each picture's objects as there is room for, and how many there are. */
  @SuppressWarnings("restricted")
  void write(List<List<Detection>> results) {
    long[] counts = results.stream().mapToLong(List::size).toArray();
    MemorySegment.copy(
        counts,
        0,
        found.reinterpret(counts.length * (long) Long.BYTES),
        JAVA_LONG,
        0,
        counts.length);
    for (int i = 0; i < counts.length; i++) {
      int[] words = words(results.get(i), (int) Math.min(counts[i], capacity));
      long start = i * capacity * WORDS * Integer.BYTES;
      MemorySegment.copy(
          words,
          0,
          detections.reinterpret(start + words.length * (long) Integer.BYTES),
          JAVA_INT,
          start,
          words.length);
    }
  }

  private static int[] words(List<Detection> results, int count) {
    int[] words = new int[count * WORDS];
    for (int i = 0; i < count; i++) {
      Detection each = results.get(i);
      int at = i * WORDS;
      words[at] = Float.floatToRawIntBits(each.x1());
      words[at + 1] = Float.floatToRawIntBits(each.y1());
      words[at + 2] = Float.floatToRawIntBits(each.x2());
      words[at + 3] = Float.floatToRawIntBits(each.y2());
      words[at + 4] = Float.floatToRawIntBits(each.objectness());
      words[at + 5] = Float.floatToRawIntBits(each.classConfidence());
      words[at + 6] = Float.floatToRawIntBits(each.score());
      words[at + 7] = each.classId();
    }
    return words;
  }
}
