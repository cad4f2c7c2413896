package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.OpenCv;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Blends partners into samples. Owns the memory it works in; used by one thread. */
final class Blender implements AutoCloseable {

  /** All bits but the lowest of each byte. */
  private static final long UPPER = 0xFEFEFEFEFEFEFEFEL;

  private final Letterbox input;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment letterboxed;
  private final MemorySegment resized;

  Blender(Letterbox input, double maxScale) {
    OpenCv.load();
    this.input = input;
    this.letterboxed = arena.allocate(Pixels.bytes(input.width(), input.height()));
    this.resized = arena.allocate((long) Math.ceil(letterboxed.byteSize() * maxScale * maxScale));
  }

  /** Replaces a sample's pixels by their mean with the partner's, rounded down. */
  void blend(Mixup mixup, Mat partner, MemorySegment sample) {
    input.apply(partner, letterboxed, Pixels.CHANNELS, false);
    Area shown = mixup.shown(input);
    try (Mat source = Pixels.over(letterboxed, input.width(), input.height());
        Mat target = Pixels.over(resized, mixup.width(), mixup.height());
        Size size = new Size(mixup.width(), mixup.height())) {
      opencv_imgproc.resize(source, target, size, 0, 0, opencv_imgproc.INTER_LINEAR);
      if (mixup.flip()) {
        try (Mat part = shown.of(target)) {
          Pixels.mirror(part);
        }
      }
    }
    long partnerRow = Pixels.bytes(mixup.width(), 1);
    long row = Pixels.bytes(input.width(), 1);
    long shownRow = Pixels.bytes(shown.width(), 1);
    for (int y = 0; y < shown.height(); y++) {
      long from = (shown.top() + y) * partnerRow + Pixels.bytes(shown.left(), 1);
      blend(sample, y * row, resized, from, shownRow);
      halve(sample, y * row + shownRow, row - shownRow);
    }
    halve(sample, shown.height() * row, (input.height() - shown.height()) * row);
  }

  /** Eight bytes at once: the common bits, and half of those that differ. */
  private static void blend(
      MemorySegment target, long at, MemorySegment source, long from, long length) {
    long i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long a = target.get(ValueLayout.JAVA_LONG_UNALIGNED, at + i);
      long b = source.get(ValueLayout.JAVA_LONG_UNALIGNED, from + i);
      target.set(ValueLayout.JAVA_LONG_UNALIGNED, at + i, (a & b) + (((a ^ b) & UPPER) >>> 1));
    }
    for (; i < length; i++) {
      int a = target.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
      int b = source.get(ValueLayout.JAVA_BYTE, from + i) & 0xFF;
      target.set(ValueLayout.JAVA_BYTE, at + i, (byte) ((a + b) >> 1));
    }
  }

  /** Blends with black. */
  private static void halve(MemorySegment target, long at, long length) {
    long i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long a = target.get(ValueLayout.JAVA_LONG_UNALIGNED, at + i);
      target.set(ValueLayout.JAVA_LONG_UNALIGNED, at + i, (a & UPPER) >>> 1);
    }
    for (; i < length; i++) {
      int a = target.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
      target.set(ValueLayout.JAVA_BYTE, at + i, (byte) (a >> 1));
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
