package io.github.yolox4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.Comparison;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.Shared;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.HeadOnly;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's losses and gradients on closed-form weights, features and labels. */
class GoldenLossTest {

  private static final int CLASSES = 6;
  private static final int SIDE = 160;

  private static final int BATCH = 3;

  /** 32-bit losses, up to 16. */
  private static final double LOSS_TOLERANCE = 1e-5;

  /** What 32-bit sums in another order cost, as a share of the largest value. */
  private static final double GRADIENT_TOLERANCE = 1e-4;

  /** The reference's configurations. */
  enum Configuration {
    L1_FALSE(false, BoxLoss.IOU, false, true),
    L1_TRUE(true, BoxLoss.IOU, false, true),
    GIOU(false, BoxLoss.GIOU, false, true),
    DEPTHWISE(true, BoxLoss.IOU, true, true),
    NO_OBJECTS(true, BoxLoss.IOU, false, false);

    private final boolean l1;
    private final BoxLoss boxLoss;
    private final boolean depthwise;
    private final boolean objects;

    Configuration(boolean l1, BoxLoss boxLoss, boolean depthwise, boolean objects) {
      this.l1 = l1;
      this.boxLoss = boxLoss;
      this.depthwise = depthwise;
      this.objects = objects;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @ParameterizedTest
  @EnumSource(Configuration.class)
  void lossesAndGradientsAreTheReferences(Configuration configuration) {
    for (AssignmentRule rule : AssignmentRule.values()) {
      for (Assigner assigner :
          List.of(rule.assigner(), new ArraySimOta((SimOta) rule.assigner()))) {
        DetectionLoss loss =
            new DetectionLoss(assigner, configuration.boxLoss, LossNormalizer.BATCH);
        compare(rule, configuration, loss, ComputeDevice.CPU);
      }
    }
  }

  static Stream<Arguments> everyRuleInEveryConfiguration() {
    return Arrays.stream(AssignmentRule.values())
        .flatMap(
            rule -> Arrays.stream(Configuration.values()).map(each -> Arguments.of(rule, each)));
  }

  @Tag("gpu")
  @ParameterizedTest
  @MethodSource("everyRuleInEveryConfiguration")
  void deviceGivesTheReferencesLossesAndGradients(
      AssignmentRule rule, Configuration configuration) {
    ComputeDevice device = DeviceUnderTest.get();
    Arithmetic.FP32.use(device);
    DetectionLoss loss =
        DetectionLoss.of(rule, configuration.boxLoss, LossNormalizer.BATCH, device, _ -> {});
    compare(rule, configuration, loss, device);
  }

  private static void compare(
      AssignmentRule rule, Configuration configuration, DetectionLoss loss, ComputeDevice device) {
    String file = "head_loss_" + rule.name().toLowerCase(Locale.ROOT);
    JsonNode expected = Shared.numbers(file).get(configuration.toString());
    Comparison comparison = new Comparison();
    try (Weights figures = Shared.tensors(file);
        YoloX head = YoloX.create(HeadOnly.of(CLASSES, configuration.depthwise));
        var _ = new Scope();
        Device target = device.toTorch()) {
      Map<String, WeightArray> initial = Networks.arrays(head);
      ReferenceInputs.fill(head);
      Map<String, Tensor> biases = new LinkedHashMap<>();
      head.stateDict()
          .forEach(
              (key, tensor) -> {
                if (key.matches("(cls|obj)_preds\\..*bias")) {
                  biases.put(key, tensor);
                }
              });
      Networks.set(initial, biases, "a new head"); // as training begins
      head.to(target, false);
      List<Tensor> features = features(target);
      Losses losses =
          loss.of(
              head.forward(features.get(0), features.get(1), features.get(2)),
              labels(configuration),
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
    comparison.assertPassed();
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

  private static Labels labels(Configuration configuration) {
    int[] counts = configuration.objects ? new int[] {5, 0, 12} : new int[BATCH];
    return ReferenceInputs.labels(310, SIDE, SIDE, counts, CLASSES);
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

  @Test
  void boxLossesAreTheReferences() {
    try (Weights figures = Weights.read(Shared.golden("iou.safetensors"));
        var _ = new Scope()) {
      Tensor predicted = tensor(figures, "pair_a");
      Tensor target = tensor(figures, "cxcywh_b");
      float tolerance = 1e-6f; // 32-bit arithmetic in another order
      assertArrayEquals(
          figures.arrays().get("loss_iou").toFloats(),
          Tensors.toFloats(BoxLoss.IOU.of(predicted, target)),
          tolerance);
      assertArrayEquals(
          figures.arrays().get("loss_giou").toFloats(),
          Tensors.toFloats(BoxLoss.GIOU.of(predicted, target)),
          tolerance);
      Tensor all = tensor(figures, "cxcywh_a");
      float[] expected = figures.arrays().get("iou_ab").toFloats();
      for (int i = 0; i < all.size(0); i++) {
        Tensor one = all.narrow(0, i, 1).expand_as(target);
        assertArrayEquals(
            Arrays.copyOfRange(expected, i * 9, (i + 1) * 9),
            Tensors.toFloats(BoxOverlap.of(one, target).iou()),
            tolerance);
      }
    }
  }

  private static Tensor tensor(Weights figures, String key) {
    return Tensors.of(figures.arrays().get(key).toFloats(), figures.arrays().get(key).shape());
  }

  @Test
  void nothingStaysBehind() {
    Labels labels = ReferenceInputs.labels(310, SIDE, SIDE, new int[] {5}, CLASSES);
    for (AssignmentRule rule : AssignmentRule.values()) {
      DetectionLoss loss = new DetectionLoss(rule.assigner(), BoxLoss.GIOU, LossNormalizer.BATCH);
      try (YoloX head = YoloX.create(HeadOnly.of(CLASSES, false));
          var _ = new Scope()) {
        var levels =
            head.forward(
                Tensors.of(new float[64 * 400], 1, 64, 20, 20),
                Tensors.of(new float[128 * 100], 1, 128, 10, 10),
                Tensors.of(new float[256 * 25], 1, 256, 5, 5));
        long live = LiveNatives.count();
        loss.of(levels, labels, true).close();
        LiveNatives.assertNoneLeftSince(live);
      }
    }
  }
}
