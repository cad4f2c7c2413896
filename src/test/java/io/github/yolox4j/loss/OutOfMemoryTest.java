package io.github.yolox4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.Prediction;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.CudaMemory;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leaves the device too little memory for the assignment of a crowded batch. */
class OutOfMemoryTest {

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

  @Tag("gpu")
  @Test
  void processorAssignsWhereTheDeviceHasTooLittleMemory() {
    ComputeDevice device = DeviceUnderTest.get();
    assumeTrue(device.cuda(), "a processor's memory cannot be limited");
    Arithmetic.FP32.use(device);
    try (var _ = new Scope()) {
      List<LevelOutput> levels = levels(device);
      List<String> notices = new ArrayList<>();
      LossValues expected = losses(levels, device, notices);
      assertEquals(List.of(), notices, "without a limit too");
      device.releaseMemory();
      LossValues found;
      try (var _ = CudaMemory.limit(device, LEFT)) {
        found = losses(levels, device, notices);
      }
      assertEquals(1, notices.size(), "whether the assignment ran out of memory");
      assertEquals(expected.total(), found.total(), TOLERANCE * expected.total());
      assertEquals(expected.positivesPerObject(), found.positivesPerObject());
    }
  }

  private static LossValues losses(
      List<LevelOutput> levels, ComputeDevice device, List<String> notices) {
    DetectionLoss loss =
        DetectionLoss.of(
            AssignmentRule.HEAD, BoxLoss.IOU, LossNormalizer.BATCH, device, notices::add);
    try (Losses losses = loss.of(levels, labels(), false)) {
      losses.total().backward(); // training goes on
      return LossValues.of(losses);
    }
  }

  private static List<LevelOutput> levels(ComputeDevice device) {
    List<LevelOutput> levels = new ArrayList<>();
    for (Prediction prediction :
        Network.of(OfficialModel.NANO.spec().withClasses(CLASSES)).predictions()) {
      int stride = prediction.stride();
      int side = SIDE / stride;
      levels.add(
          new LevelOutput(
              prediction,
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

  private static Labels labels() {
    int[] counts = new int[BATCH];
    Arrays.fill(counts, OBJECTS);
    return ReferenceInputs.labels(1, SIDE, SIDE, counts, CLASSES);
  }
}
