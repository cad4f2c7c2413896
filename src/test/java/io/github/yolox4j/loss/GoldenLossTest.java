package io.github.yolox4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.model.HeadOnly;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.proof.Comparison;
import io.github.yolox4j.proof.LossCheck;
import io.github.yolox4j.proof.ReferenceFigures;
import io.github.yolox4j.proof.ReferenceInputs;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.Weights;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference's losses and gradients on closed-form weights, features and labels. */
class GoldenLossTest {

  private static final int CLASSES = 6;
  private static final int SIDE = 160;

  @ParameterizedTest
  @EnumSource(LossCheck.Configuration.class)
  void lossesAndGradientsAreTheReferences(LossCheck.Configuration configuration) {
    ReferenceFigures figures = new ReferenceFigures(Shared.golden(""));
    for (AssignmentRule rule : AssignmentRule.values()) {
      for (SimOta simOta : List.of(new ArraySimOta(rule), new TensorSimOta(rule))) {
        Comparison found =
            LossCheck.compare(
                figures,
                rule,
                configuration,
                DetectionLoss.of(simOta, configuration.boxLoss()),
                ComputeDevice.CPU);
        assertTrue(found.passed(), found::where);
      }
    }
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
    float[] labels = ReferenceInputs.labels(310, SIDE, SIDE, new int[] {5}, CLASSES, 20);
    for (SimOta simOta :
        List.of(new ArraySimOta(AssignmentRule.HEAD), new TensorSimOta(AssignmentRule.LEGACY))) {
      DetectionLoss loss = DetectionLoss.of(simOta, BoxLoss.GIOU);
      Targets targets = Targets.ofPadded(labels, 1, CLASSES, b -> "picture " + b);
      try (YoloX head = YoloX.create(HeadOnly.of(CLASSES, false));
          var _ = new Scope()) {
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
