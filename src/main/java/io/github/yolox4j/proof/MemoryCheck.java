package io.github.yolox4j.proof;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossNormalizer;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.ResidentMemory;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.train.StepwiseTraining;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Five hundred training steps of changing sizes, whose memory is looked at early and at the end.
 */
final class MemoryCheck {

  private static final int STEPS = 500;
  private static final int EARLY = 100;
  private static final int BATCH = 2;
  private static final int CLASSES = 3;
  private static final int LEAST_SIDE = 64;
  private static final int SIZES = 3;
  private static final double RATE = 1e-4;
  private static final double MIB = 1 << 20;

  /** What allocators and the Java heap may still take of the process's memory. */
  private static final long RESIDENT_GROWTH = 64L << 20;

  private MemoryCheck() {}

  static List<Item> items(Subject subject) {
    return List.of(new Item("nano", () -> check(subject.device())));
  }

  /** Memory at one moment. */
  private record Held(long device, long resident) {

    static Held now(ComputeDevice device) {
      device.synchronize();
      return new Held(device.cuda() ? Cuda.heldBytes(device) : 0, ResidentMemory.bytes());
    }
  }

  private static Finding check(ComputeDevice device) {
    Arithmetic arithmetic = device.cuda() ? Arithmetic.FP16 : Arithmetic.FP32;
    arithmetic.allow();
    ModelSpec spec = OfficialModel.NANO.spec().withClasses(CLASSES);
    DetectionLoss loss =
        DetectionLoss.of(AssignmentRule.HEAD, BoxLoss.IOU, LossNormalizer.BATCH, device, _ -> {});
    try (StepwiseTraining training =
        new StepwiseTraining(YoloX.create(spec), loss, device, arithmetic.precision())) {
      steps(training, device, 0, EARLY);
      Held early = Held.now(device);
      steps(training, device, EARLY, STEPS);
      return compare(early, Held.now(device));
    }
  }

  private static Finding compare(Held early, Held late) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("device_mib", late.device() / MIB);
    figures.put("device_growth_mib", (late.device() - early.device()) / MIB);
    figures.put("resident_mib", late.resident() / MIB);
    figures.put("resident_growth_mib", (late.resident() - early.resident()) / MIB);
    boolean flat =
        late.device() <= early.device() && late.resident() - early.resident() <= RESIDENT_GROWTH;
    String says =
        String.format(
            Locale.ROOT,
            "from step %d to %d the device's tensors grew by %.1f MiB, the process by %.1f MiB",
            EARLY,
            STEPS,
            (late.device() - early.device()) / MIB,
            (late.resident() - early.resident()) / MIB);
    return new Finding(flat ? Outcome.PASSED : Outcome.FAILED, says, figures);
  }

  private static void steps(StepwiseTraining training, ComputeDevice device, int from, int to) {
    for (int i = from; i < to; i++) {
      int side = LEAST_SIDE + 32 * (i % SIZES);
      float[] labels =
          ReferenceInputs.labels(i, side, side, new int[] {1 + i % 7, i % 3}, CLASSES, 20);
      try (var _ = new Scope()) {
        training.begin(
            Tensors.of(
                    ReferenceInputs.values(i, (long) BATCH * 3 * side * side, 0, 255),
                    BATCH,
                    3,
                    side,
                    side)
                .to(device.toTorch(), ScalarType.Float),
            Targets.ofPadded(labels, BATCH, CLASSES, b -> "picture " + b),
            i % 2 == 0,
            RATE);
      }
    }
  }
}
