package io.github.yolox4j.proof;

import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.tensor.ComputeDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Detections of the demo model in synthetic pictures, on the device and on the processor. */
final class DetectionCheck {

  private static final int PICTURES = 16;
  private static final int SIDE = 224;
  private static final long SEED = 9;
  private static final int BATCH = 8;

  private DetectionCheck() {}

  static List<Item> items(Subject subject) {
    List<Item> items = new ArrayList<>();
    for (Arithmetic arithmetic : Arithmetic.possible(subject.device())) {
      items.add(
          new Item(
              "shapes " + arithmetic,
              () -> subject.withTrained(weights -> check(subject, weights, arithmetic))));
    }
    return items;
  }

  private static Finding check(Subject subject, Path weights, Arithmetic arithmetic) {
    arithmetic.allow();
    Path folder = subject.scratch().resolve("detections");
    new SyntheticData(1, PICTURES, SIDE, SIDE, SEED).write(folder, _ -> {});
    Dataset pictures = Dataset.open(folder, "val");
    DetectorOptions exact =
        DetectorOptions.DEFAULTS
            .withDevice(ComputeDevice.CPU)
            .withEngine(EngineKind.TORCH)
            .withAgnostic(false);
    DetectorOptions examined =
        exact.withDevice(subject.device()).withPrecision(arithmetic.precision());
    List<List<Detection>> expected = detections(weights, exact, pictures);
    List<List<Detection>> found = detections(weights, examined, pictures);
    Comparison comparison = new Comparison();
    for (int i = 0; i < expected.size(); i++) {
      compare(comparison, "picture " + i, expected.get(i), found.get(i), tolerance(arithmetic));
    }
    return comparison.finding();
  }

  private static List<List<Detection>> detections(
      Path weights, DetectorOptions options, Dataset data) {
    List<List<Detection>> all = new ArrayList<>();
    try (Detector detector = Detector.open(weights, options)) {
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
