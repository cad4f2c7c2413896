package io.github.yolox4j.detect;

import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.Comparison;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.tensor.ComputeDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Detections of the demo model in synthetic pictures, on a device and on the processor in 32 bits.
 */
class DeviceDetectionTest {

  private static final Path WEIGHTS = Path.of("models", "demo.pth");
  private static final int PICTURES = 16;
  private static final int SIDE = 224;
  private static final long SEED = 9;
  private static final int BATCH = 8;

  private static final DetectorOptions EXACT =
      DetectorOptions.DEFAULTS
          .withDevice(ComputeDevice.CPU)
          .withEngine(EngineKind.TORCH)
          .withAgnostic(false);

  @TempDir static Path folder;
  private static List<List<Detection>> expected;

  @BeforeAll
  static void detectOnTheProcessor() {
    new SyntheticData(1, PICTURES, SIDE, SIDE, SEED).write(folder, _ -> {});
    expected = detections(EXACT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Arithmetic.class,
      names = {"FP16", "FP32", "BF16"})
  void processorFindsTheSameInEveryPrecision(Arithmetic arithmetic) {
    compare(ComputeDevice.CPU, arithmetic);
  }

  @Tag("gpu")
  @ParameterizedTest
  @EnumSource(Arithmetic.class)
  void deviceFindsTheSameInEveryPrecision(Arithmetic arithmetic) {
    compare(DeviceUnderTest.get(), arithmetic);
  }

  private static void compare(ComputeDevice device, Arithmetic arithmetic) {
    arithmetic.use(device);
    List<List<Detection>> found =
        detections(EXACT.withDevice(device).withPrecision(arithmetic.precision()));
    Comparison comparison = new Comparison();
    for (int i = 0; i < expected.size(); i++) {
      compare(comparison, "picture " + i, expected.get(i), found.get(i), tolerance(arithmetic));
    }
    comparison.assertPassed();
  }

  private static List<List<Detection>> detections(DetectorOptions options) {
    Dataset data = Dataset.open(folder, "val");
    List<List<Detection>> all = new ArrayList<>();
    try (Detector detector = Detector.open(WEIGHTS, options)) {
      List<GroundTruth.Image> images = data.truth().images();
      for (int from = 0; from < images.size(); from += BATCH) {
        List<Picture> batch = new ArrayList<>();
        try {
          for (GroundTruth.Image image : images.subList(from, from + BATCH)) {
            batch.add(Picture.read(image.in(data.images())));
          }
          all.addAll(detector.detect(batch));
        } finally {
          batch.forEach(Picture::close);
        }
      }
    }
    return all;
  }

  /** Each detection that is not on the threshold's brink must have its like on the other side. */
  private static void compare(
      Comparison comparison,
      String what,
      List<Detection> expected,
      List<Detection> found,
      double tolerance) {
    compareOneWay(comparison, what, expected, found, tolerance);
    compareOneWay(comparison, what + ", the other way", found, expected, tolerance);
  }

  private static void compareOneWay(
      Comparison comparison,
      String what,
      List<Detection> some,
      List<Detection> others,
      double tolerance) {
    for (Detection one : some) {
      if (one.score() < DetectorOptions.DEFAULTS.confidence() + tolerance) {
        continue;
      }
      double nearest =
          others.stream()
              .filter(other -> other.classId() == one.classId())
              .mapToDouble(other -> distance(one, other))
              .min()
              .orElse(1);
      comparison.add("%s, %s".formatted(what, one.label()), 0, nearest, tolerance);
    }
  }

  /** The larger of what the scores differ by and what the IoU lacks to 1. */
  private static double distance(Detection one, Detection other) {
    double width = Math.min(one.x2(), other.x2()) - Math.max(one.x1(), other.x1());
    double height = Math.min(one.y2(), other.y2()) - Math.max(one.y1(), other.y1());
    double both = Math.max(0, width) * Math.max(0, height);
    double iou = both / (area(one) + area(other) - both);
    return Math.max(Math.abs(one.score() - other.score()), 1 - iou);
  }

  private static double area(Detection detection) {
    return (double) (detection.x2() - detection.x1()) * (detection.y2() - detection.y1());
  }

  private static double tolerance(Arithmetic arithmetic) {
    return switch (arithmetic) {
      case FP32 -> 1e-4;
      case TF32, FP16 -> 5e-3; // on a processor 16 bits are off by 1.2e-3
      case BF16 -> 5e-2; // and these by 1.2e-2
    };
  }
}
