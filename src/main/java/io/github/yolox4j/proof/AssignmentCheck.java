package io.github.yolox4j.proof;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.Assignments;
import io.github.yolox4j.loss.Assignments.Execution;
import io.github.yolox4j.loss.PositiveAnchor;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/** Both executions of SimOTA on the device, against Java on the processor. */
final class AssignmentCheck {

  private static final int BATCHES = 60;
  private static final int MOST_OBJECTS = 120;
  private static final int MOST_CLASSES = 90;
  private static final long SEED = 11;

  /**
   * A GPU's sigmoid differs by a last bit here and there, and with it which of two costs is less.
   */
  private static final double GPU_SHARE = 1e-3;

  /** The executions give IoUs in the predictions' 32 bits. */
  private static final double IOU_TOLERANCE = 1e-6;

  private AssignmentCheck() {}

  static List<Item> items(Subject subject) {
    List<Item> items = new ArrayList<>();
    for (AssignmentRule rule : AssignmentRule.values()) {
      for (Execution execution : Execution.values()) {
        items.add(
            new Item(
                "%s %s".formatted(rule, execution).toLowerCase(Locale.ROOT),
                () -> check(rule, execution, subject.device())));
      }
    }
    return items;
  }

  private static Finding check(AssignmentRule rule, Execution execution, ComputeDevice device) {
    Arithmetic.FP32.allow();
    SplittableRandom random = new SplittableRandom(SEED);
    Agreement agreement = new Agreement();
    for (int i = 0; i < BATCHES; i++) {
      compare(agreement, random, rule, execution, device);
    }
    return agreement.finding(device.cuda() ? GPU_SHARE : 0);
  }

  private static void compare(
      Agreement agreement,
      SplittableRandom random,
      AssignmentRule rule,
      Execution execution,
      ComputeDevice device) {
    int batch = 1 + random.nextInt(4);
    int classes = 1 + random.nextInt(MOST_CLASSES);
    int height = 32 * (1 + random.nextInt(6));
    int width = 32 * (1 + random.nextInt(6));
    Targets targets = targets(random, batch, classes, height, width);
    try (var _ = new Scope()) {
      Tensor rows = predictions(random, batch, classes, height, width);
      List<List<PositiveAnchor>> expected =
          Assignments.of(rows, height, width, targets, rule, Execution.ARRAYS);
      Tensor there = rows.to(device.toTorch(), Tensors.type(rows));
      List<List<PositiveAnchor>> found =
          Assignments.of(there, height, width, targets, rule, execution);
      for (int b = 0; b < batch; b++) {
        agreement.add(expected.get(b), found.get(b));
      }
    }
  }

  /** How many anchor points go to the same objects. */
  private static final class Agreement {

    private final Comparison ious = new Comparison();
    private long all;
    private long different;

    void add(List<PositiveAnchor> expected, List<PositiveAnchor> found) {
      Map<List<Integer>, PositiveAnchor> byPlace = new HashMap<>();
      expected.forEach(positive -> byPlace.put(place(positive), positive));
      all += expected.size();
      different += Math.max(0, expected.size() - found.size());
      for (PositiveAnchor positive : found) {
        PositiveAnchor same = byPlace.get(place(positive));
        if (same == null) {
          different++;
        } else {
          ious.add("IoU", same.iou(), positive.iou(), IOU_TOLERANCE);
        }
      }
    }

    private static List<Integer> place(PositiveAnchor positive) {
      return List.of(positive.stride(), positive.row(), positive.column(), positive.object());
    }

    Finding finding(double share) {
      Comparison comparison = new Comparison();
      comparison.add("positives that differ", 0, (double) different, share * all);
      if (!comparison.passed() || !ious.passed()) {
        return (comparison.passed() ? ious : comparison).finding();
      }
      return new Finding(
          Outcome.PASSED,
          "of %d positives %d differ; the worst: %s".formatted(all, different, ious.where()),
          Map.of("positives", (double) all, "different", (double) different));
    }
  }

  private static Targets targets(
      SplittableRandom random, int batch, int classes, int height, int width) {
    List<double[]> images = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      double[] rows = new double[random.nextInt(MOST_OBJECTS) * Targets.COLUMNS];
      for (int i = 0; i < rows.length; i += Targets.COLUMNS) {
        rows[i] = random.nextInt(classes);
        rows[i + 1] = (float) (random.nextDouble(-0.1, 1.1) * width);
        rows[i + 2] = (float) (random.nextDouble(-0.1, 1.1) * height);
        rows[i + 3] = (float) (random.nextDouble() * width);
        rows[i + 4] = (float) (random.nextDouble() * height);
      }
      images.add(rows);
    }
    return Targets.of(images, classes, b -> "picture " + b);
  }

  /** Boxes near their anchor points, with logits as a network in training has them. */
  private static Tensor predictions(
      SplittableRandom random, int batch, int classes, int height, int width) {
    List<float[]> rows = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      for (int stride = 8; stride <= 32; stride *= 2) {
        for (int y = stride / 2; y < height; y += stride) {
          for (int x = stride / 2; x < width; x += stride) {
            rows.add(prediction(random, x, y, stride, classes));
          }
        }
      }
    }
    int row = 5 + classes;
    float[] all = new float[rows.size() * row];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * row, row);
    }
    return Tensors.of(all, batch, rows.size() / batch, row);
  }

  private static float[] prediction(
      SplittableRandom random, int x, int y, int stride, int classes) {
    float[] row = new float[5 + classes];
    row[0] = (float) (x + random.nextGaussian() * stride);
    row[1] = (float) (y + random.nextGaussian() * stride);
    row[2] = (float) (stride * Math.exp(random.nextGaussian()));
    row[3] = (float) (stride * Math.exp(random.nextGaussian()));
    for (int c = 4; c < row.length; c++) {
      row[c] = (float) (random.nextGaussian() * 4);
    }
    return row;
  }
}
