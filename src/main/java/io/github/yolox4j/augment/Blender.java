package io.github.yolox4j.augment;

import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.OpenCv;
import io.github.yolox4j.image.PixelRect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Blends partners into samples. Owns the memory it works in; used by one thread. */
final class Blender implements AutoCloseable {

  private static final double HALF = 0.5;

  /** Makes OpenCV's rounding a rounding down: means end on 0 or 0.5. */
  private static final double DOWN = -0.25;

  private static final int SAME_TYPE = -1;

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
  void blend(Mixup mixup, Mat partner, Mat sample) {
    input.apply(partner, letterboxed, Pixels.CHANNELS, false);
    PixelRect shown = mixup.shown(input);
    try (Mat source = Pixels.over(letterboxed, input.width(), input.height());
        Mat target = Pixels.over(resized, mixup.width(), mixup.height());
        Size size = new Size(mixup.width(), mixup.height())) {
      opencv_imgproc.resize(source, target, size, 0, 0, opencv_imgproc.INTER_LINEAR);
      try (Mat part = shown.of(target);
          Mat place = new PixelRect(0, 0, shown.width(), shown.height()).of(sample)) {
        if (mixup.flip()) {
          Pixels.mirror(part);
        }
        opencv_core.addWeighted(place, HALF, part, HALF, DOWN, place);
      }
    }
    blendBlack(new PixelRect(shown.width(), 0, input.width(), shown.height()), sample);
    blendBlack(new PixelRect(0, shown.height(), input.width(), input.height()), sample);
  }

  private static void blendBlack(PixelRect area, Mat sample) {
    if (!area.isEmpty()) {
      try (Mat part = area.of(sample)) {
        part.convertTo(part, SAME_TYPE, HALF, DOWN);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
