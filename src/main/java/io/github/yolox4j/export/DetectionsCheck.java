package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Checks a model with suppression inside against the detector. Noise shows no objects, so the least
 * score is one that many anchor points reach.
 */
record DetectionsCheck(
    Path file,
    FoldedNetwork network,
    ExportOptions options,
    TestPicture picture,
    Output.Detections detections,
    float tolerance) {

  /** How many detections are compared. */
  private static final int SOME = 50;

  /** Rounding may turn a comparison of scores or of an IoU here and there. */
  private static final double LEAST_SHARE = 0.9;

  String check(TorchScriptModel model) {
    List<Detection> all = model.detections(picture, options.picture(), 0);
    int some = Math.min(SOME, all.size());
    List<Detection> best = all.subList(0, some);
    if (picture.channels() != 3) {
      return "%d detections in libtorch".formatted(some);
    }
    List<Detection> expected = detect();
    float largest = 0;
    int same = 0;
    for (Detection found : best) {
      float difference =
          (float) expected.stream().mapToDouble(e -> difference(e, found)).min().orElse(1);
      if (difference <= tolerance) {
        same++;
        largest = Math.max(largest, difference);
      }
    }
    if (same < LEAST_SHARE * some) {
      throw new YoloxException(
          "%s is not what it was written from: of its %d best detections the detector finds %d"
              .formatted(file, some, same));
    }
    return String.format(
        Locale.ROOT,
        "%d of its %d best detections in libtorch are the detector's: largest difference %.2g",
        same,
        some,
        largest);
  }

  private List<Detection> detect() {
    DetectorOptions wanted =
        DetectorOptions.DEFAULTS
            .withConfidence(0)
            .withNms(detections.iou())
            .withSize(new InputSize(picture.height(), picture.width()))
            .withClipping(false);
    try (Arena arena = Arena.ofConfined();
        Detector detector = Detector.of(network, wanted)) {
      MemorySegment pixels = arena.allocateFrom(ValueLayout.JAVA_BYTE, picture.pixels());
      try (Picture noise =
          Picture.ofBgr(pixels, picture.width(), picture.height(), 3L * picture.width())) {
        return detector.detect(noise);
      }
    }
  }

  private static float difference(Detection expected, Detection found) {
    if (expected.classId() != found.classId()) {
      return Float.POSITIVE_INFINITY;
    }
    return Difference.largest(
        new float[] {expected.x1(), expected.y1(), expected.x2(), expected.y2(), expected.score()},
        new float[] {found.x1(), found.y1(), found.x2(), found.y2(), found.score()});
  }
}
