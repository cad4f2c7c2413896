package io.github.yolox4j.proof;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossNormalizer;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The reference's losses and gradients of a closed-form head, features and labels. */
public final class LossCheck {

  private static final int CLASSES = 6;
  private static final int SIDE = 160;
  private static final int BATCH = 3;

  /** 32-bit losses, up to 16. */
  private static final double LOSS_TOLERANCE = 1e-5;

  /** What 32-bit sums in another order cost, as a share of the largest value. */
  private static final double GRADIENT_TOLERANCE = 1e-4;

  private LossCheck() {}

  /** The reference's configurations. */
  public enum Configuration {
    /** Without the L1 loss. */
    L1_FALSE(false, BoxLoss.IOU, false, true),
    /** With the L1 loss. */
    L1_TRUE(true, BoxLoss.IOU, false, true),
    /** With the other box loss. */
    GIOU(false, BoxLoss.GIOU, false, true),
    /** A head of depthwise convolutions. */
    DEPTHWISE(true, BoxLoss.IOU, true, true),
    /** Pictures without objects. */
    NO_OBJECTS(true, BoxLoss.IOU, false, false);

    private final boolean l1;
    private final BoxLoss boxLoss;

    @SuppressWarnings("UnusedVariable")
    private final boolean depthwise;

    private final boolean objects;

    Configuration(boolean l1, BoxLoss boxLoss, boolean depthwise, boolean objects) {
      this.l1 = l1;
      this.boxLoss = boxLoss;
      this.depthwise = depthwise;
      this.objects = objects;
    }

    /**
     * Returns how boxes are compared.
     *
     * @return the box loss
     */
    public BoxLoss boxLoss() {
      return boxLoss;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static List<Item> items(Subject subject) {
    List<Item> items = new ArrayList<>();
    for (AssignmentRule rule : AssignmentRule.values()) {
      for (Configuration configuration : Configuration.values()) {
        items.add(
            new Item(
                rule.name().toLowerCase(Locale.ROOT) + " " + configuration,
                () ->
                    subject.withFigures(
                        figures -> check(figures, rule, configuration, subject.device()))));
      }
    }
    return items;
  }

  private static Finding check(
      ReferenceFigures figures,
      AssignmentRule rule,
      Configuration configuration,
      ComputeDevice device) {
    Arithmetic.FP32.allow();
    DetectionLoss loss =
        DetectionLoss.of(rule, configuration.boxLoss(), LossNormalizer.BATCH, device, _ -> {});
    return compare(figures, rule, configuration, loss, device).finding();
  }

  /**
   * Computes losses and gradients and compares them with the reference's.
   *
   * @param reference the reference's figures
   * @param rule which version of SimOTA they were made with
   * @param configuration which of them
   * @param loss the loss of that rule and of the configuration's box loss, for the device
   * @param device where to compute
   * @return how near they are
   */
  public static Comparison compare(
      ReferenceFigures reference,
      AssignmentRule rule,
      Configuration configuration,
      DetectionLoss loss,
      ComputeDevice device) {
    String file = "head_loss_" + rule.name().toLowerCase(Locale.ROOT);
    JsonNode expected = reference.numbers(file).get(configuration.toString());
    Comparison comparison = new Comparison();
    try (Weights figures = reference.tensors(file);
        var _ = new Scope();
        Device target = device.toTorch()) {
      YoloX head = null;
      List<Tensor> features = features(target);
      Losses losses =
          loss.of(
              head.forward(features.get(0), features.get(1), features.get(2)),
              targets(configuration),
              configuration.l1);
      losses.total().backward();
      compare(comparison, expected, LossValues.of(losses));
      losses.close();
      for (int i = 0; i < features.size(); i++) {
        String key = configuration + ".grad_x" + i;
        compare(comparison, figures, key, features.get(i).grad());
      }
      compare(comparison, expected.get("grad_norms"), figures, configuration, head);
    }
    return comparison;
  }

  private static List<Tensor> features(Device device) {
    List<Tensor> features = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int channels = 64 << i;
      int side = 20 >> i;
      float[] values =
          ReferenceInputs.values(300 + i, (long) BATCH * channels * side * side, -1, 1);
      features.add(
          Tensors.of(values, BATCH, channels, side, side)
              .to(device, ScalarType.Float)
              .set_requires_grad(true));
    }
    return features;
  }

  private static Targets targets(Configuration configuration) {
    int[] counts = configuration.objects ? new int[] {5, 0, 12} : new int[BATCH];
    float[] labels = ReferenceInputs.labels(310, SIDE, SIDE, counts, CLASSES, 20);
    return Targets.ofPadded(labels, BATCH, CLASSES, b -> "picture " + b);
  }

  private static void compare(Comparison comparison, JsonNode expected, LossValues found) {
    Map<String, Double> values =
        Map.of(
            "total", found.total(),
            "iou5", found.box(),
            "l1", found.l1(),
            "obj", found.objectness(),
            "cls", found.classes(),
            "num_fg_per_gt", found.positivesPerObject());
    values.forEach(
        (key, value) -> {
          double right = expected.get(key).asDouble();
          comparison.add(key, right, value, LOSS_TOLERANCE * Math.max(1, right));
        });
  }

  private static void compare(
      Comparison comparison,
      JsonNode norms,
      Weights figures,
      Configuration configuration,
      YoloX head) {
    double largest = 0;
    for (JsonNode norm : norms) {
      largest = Math.max(largest, norm.asDouble());
    }
    for (Map.Entry<String, Tensor> entry : head.stateDict().entrySet()) {
      JsonNode norm = norms.get(entry.getKey());
      if (norm == null) {
        continue; // a buffer
      }
      Tensor gradient = entry.getValue().grad();
      double found = gradient.defined() ? Tensors.toDoubles(gradient.norm())[0] : 0;
      comparison.add(entry.getKey(), norm.asDouble(), found, GRADIENT_TOLERANCE * largest);
      String key = configuration + ".grad." + entry.getKey();
      if (figures.arrays().containsKey(key)) {
        compare(comparison, figures, key, gradient);
      }
    }
  }

  private static void compare(Comparison comparison, Weights figures, String key, Tensor found) {
    comparison.addAll(
        key, figures.arrays().get(key).toDoubles(), Tensors.toDoubles(found), GRADIENT_TOLERANCE);
  }
}
