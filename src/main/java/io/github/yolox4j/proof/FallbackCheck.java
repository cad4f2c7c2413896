package io.github.yolox4j.proof;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossNormalizer;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Leaves the device too little memory for the assignment of a crowded batch. */
final class FallbackCheck {

  private static final int BATCH = 4;
  private static final int SIDE = 640;
  private static final int CLASSES = 80;
  private static final int OBJECTS = 300;

  /**
   * Enough for the losses and their gradients, but not for tables of all candidates and objects.
   */
  private static final long LEFT = 128L << 20;

  /** Sums of 32-bit floats in another order. */
  private static final double TOLERANCE = 1e-5;

  private FallbackCheck() {}

  static List<Item> items(Subject subject) {
    return List.of(new Item("crowd", () -> check(subject.device())));
  }

  private static Finding check(ComputeDevice device) {
    if (!device.cuda()) {
      return Finding.skipped("a processor's memory cannot be limited");
    }
    Arithmetic.FP32.allow();
    try (var _ = new Scope()) {
      List<LevelOutput> levels = levels(device);
      Targets targets = targets();
      List<String> notices = new ArrayList<>();
      LossValues expected = losses(levels, targets, device, notices);
      if (!notices.isEmpty()) {
        return new Finding(Outcome.FAILED, "without a limit too: " + notices.getFirst(), Map.of());
      }
      LossValues found;
      device.releaseMemory();
      try {
        Cuda.limitMemory(device, Cuda.reservedBytes(device) + LEFT);
        found = losses(levels, targets, device, notices);
      } finally {
        Cuda.unlimitMemory(device);
      }
      if (notices.isEmpty()) {
        return new Finding(Outcome.FAILED, "the assignment did not run out of memory", Map.of());
      }
      Comparison comparison = new Comparison();
      comparison.add("total", expected.total(), found.total(), TOLERANCE * expected.total());
      comparison.add(
          "positives per object", expected.positivesPerObject(), found.positivesPerObject(), 0);
      return comparison.finding();
    }
  }

  private static LossValues losses(
      List<LevelOutput> levels, Targets targets, ComputeDevice device, List<String> notices) {
    DetectionLoss loss =
        DetectionLoss.of(
            AssignmentRule.HEAD, BoxLoss.IOU, LossNormalizer.BATCH, device, notices::add);
    try (Losses losses = loss.of(levels, targets, false)) {
      losses.total().backward(); // training goes on
      return LossValues.of(losses);
    }
  }

  private static List<LevelOutput> levels(ComputeDevice device) {
    List<LevelOutput> levels = new ArrayList<>();
    for (int stride = 8; stride <= 32; stride *= 2) {
      int side = SIDE / stride;
      levels.add(
          new LevelOutput(
              null,
              map(device, stride, 4, side, 1),
              map(device, stride + 1, 1, side, 4),
              map(device, stride + 2, CLASSES, side, 4)));
    }
    return levels;
  }

  private static Tensor map(ComputeDevice device, int seed, int channels, int side, double limit) {
    float[] values =
        ReferenceInputs.values(seed, (long) BATCH * channels * side * side, -limit, limit);
    return Tensors.of(values, BATCH, channels, side, side)
        .to(device.toTorch(), ScalarType.Float)
        .set_requires_grad(true);
  }

  private static Targets targets() {
    int[] counts = new int[BATCH];
    Arrays.fill(counts, OBJECTS);
    float[] labels = ReferenceInputs.labels(1, SIDE, SIDE, counts, CLASSES, OBJECTS);
    return Targets.ofPadded(labels, BATCH, CLASSES, b -> "picture " + b);
  }
}
