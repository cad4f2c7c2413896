package io.github.yolox4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Golden;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.nn.StandaloneHead;
import io.github.yolox4j.nn.StateDict;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference's losses and gradients on closed-form weights, features and labels. */
class GoldenLossTest {

  private static final int CLASSES = 6;
  private static final int SIDE = 160;

  @ParameterizedTest
  @CsvSource({
    "HEAD, l1_false, false, IOU, true",
    "HEAD, l1_true, true, IOU, true",
    "HEAD, giou, false, GIOU, true",
    "HEAD, depthwise, true, IOU, true",
    "HEAD, no_objects, true, IOU, false",
    "LEGACY, l1_false, false, IOU, true",
    "LEGACY, l1_true, true, IOU, true",
    "LEGACY, giou, false, GIOU, true",
    "LEGACY, depthwise, true, IOU, true",
    "LEGACY, no_objects, true, IOU, false"
  })
  void lossesAndGradientsAreTheReferences(
      AssignmentRule rule, String name, boolean l1, BoxLoss boxLoss, boolean objects)
      throws Exception {
    String file = "head_loss_" + rule.name().toLowerCase(Locale.ROOT);
    JsonNode expected =
        new ObjectMapper().readTree(Shared.golden(file + ".json").toFile()).get(name);
    try (Weights figures = Weights.read(Shared.golden(file + ".safetensors"))) {
      for (SimOta simOta : List.of(new ArraySimOta(rule), new TensorSimOta(rule))) {
        check(expected, figures, name, DetectionLoss.of(simOta, boxLoss), l1, objects);
      }
    }
  }

  private static void check(
      JsonNode expected,
      Weights figures,
      String name,
      DetectionLoss loss,
      boolean l1,
      boolean objects) {
    try (var _ = new Scope()) {
      StandaloneHead head = new StandaloneHead(CLASSES, name.equals("depthwise"));
      Golden.fill(head.module());
      head.initialiseBiases();
      List<Tensor> features = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int channels = 64 << i;
        int side = 20 >> i;
        float[] values = Golden.values(300 + i, 3L * channels * side * side, -1, 1);
        features.add(Tensors.of(values, 3, channels, side, side).set_requires_grad(true));
      }
      int[] counts = objects ? new int[] {5, 0, 12} : new int[] {0, 0, 0};
      float[] labels = Golden.labels(310, SIDE, SIDE, counts, CLASSES, 20);
      Targets targets = Targets.ofPadded(labels, 3, CLASSES, b -> "picture " + b);
      Losses losses =
          loss.of(head.forward(features.get(0), features.get(1), features.get(2)), targets, l1);
      losses.total().backward();
      double[] parts = Tensors.toDoubles(losses.parts());
      String[] keys = {"total", "iou5", "l1", "obj", "cls", "num_fg_per_gt"};
      for (int i = 0; i < keys.length; i++) {
        assertEquals(expected.get(keys[i]).asDouble(), parts[i], 1e-5, keys[i]);
      }
      for (int i = 0; i < 3; i++) {
        assertClose(figures, name + ".grad_x" + i, features.get(i).grad());
      }
      double largest = 0;
      for (JsonNode norm : expected.get("grad_norms")) {
        largest = Math.max(largest, norm.asDouble());
      }
      for (Map.Entry<String, Tensor> entry : StateDict.of(head.module()).entrySet()) {
        JsonNode norm = expected.get("grad_norms").get(entry.getKey());
        if (norm == null) {
          continue; // a buffer
        }
        Tensor gradient = entry.getValue().grad();
        double found = gradient.defined() ? gradient.norm().item_double() : 0;
        assertEquals(norm.asDouble(), found, 1e-4 * largest, entry.getKey());
        String key = name + ".grad." + entry.getKey();
        if (figures.arrays().containsKey(key)) {
          assertClose(figures, key, gradient);
        }
      }
      losses.close();
    }
  }

  /** To 1e-4 of the largest value, which is what 32-bit sums in another order cost. */
  private static void assertClose(Weights figures, String key, Tensor found) {
    float[] expected = figures.arrays().get(key).toFloats();
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected, Tensors.toFloats(found), Math.max(1e-4f * largest, 1e-30f), key);
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
    float[] labels = Golden.labels(310, SIDE, SIDE, new int[] {5}, CLASSES, 20);
    for (SimOta simOta :
        List.of(new ArraySimOta(AssignmentRule.HEAD), new TensorSimOta(AssignmentRule.LEGACY))) {
      DetectionLoss loss = DetectionLoss.of(simOta, BoxLoss.GIOU);
      Targets targets = Targets.ofPadded(labels, 1, CLASSES, b -> "picture " + b);
      try (var _ = new Scope()) {
        StandaloneHead head = new StandaloneHead(CLASSES, false);
        var levels =
            head.forward(
                Tensors.of(new float[64 * 400], 1, 64, 20, 20),
                Tensors.of(new float[128 * 100], 1, 128, 10, 10),
                Tensors.of(new float[256 * 25], 1, 256, 5, 5));
        long live = LiveNatives.count();
        loss.of(levels, targets, true).close();
        LiveNatives.assertNoneLeftSince(live);
      }
    }
  }
}
