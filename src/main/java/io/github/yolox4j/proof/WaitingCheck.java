package io.github.yolox4j.proof;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * A training run in which libtorch throws wherever the host would wait for the device, except where
 * a number is shown and where an epoch ends.
 */
final class WaitingCheck {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "epochs", "3",
          "batch", "4",
          "schedule.warmup-epochs", "1",
          "log-interval", "5",
          "optimizer.clip-norm", "10");

  /** 40 images in batches of 4, three times. */
  private static final int STEPS = 30;

  private WaitingCheck() {}

  static List<Item> items(Subject subject) {
    List<Item> items = new ArrayList<>();
    for (Arithmetic arithmetic : List.of(Arithmetic.FP16, Arithmetic.FP32)) {
      if (Arithmetic.usual(subject.device()).contains(arithmetic)) {
        items.add(new Item(arithmetic.toString(), () -> check(subject, arithmetic)));
      }
    }
    return items;
  }

  private static Finding check(Subject subject, Arithmetic arithmetic) {
    arithmetic.allow();
    ComputeDevice device = subject.device();
    SmallTraining training = SmallTraining.ofNano(SETTINGS);
    Steps steps = new Steps(device);
    try {
      training.run(
          subject.scratch().resolve("waiting-" + arithmetic),
          device,
          arithmetic.precision(),
          steps);
    } finally {
      steps.end();
    }
    Map<String, Double> figures = Map.of("steps", (double) steps.last);
    if (steps.last != STEPS) {
      String says = "%d steps ran, expected %d".formatted(steps.last, STEPS);
      return new Finding(Outcome.FAILED, says, figures);
    }
    if (!device.cuda()) {
      return new Finding(
          Outcome.SKIPPED, "a processor is not waited for; %d steps ran".formatted(STEPS), figures);
    }
    return steps.noticed
        ? new Finding(Outcome.PASSED, "%d steps waited for nothing else".formatted(STEPS), figures)
        : new Finding(Outcome.FAILED, "libtorch does not notice that it waits", figures);
  }

  /**
   * Refuses waiting from the first batch on: what is before it prepares the run. libtorch notices
   * copies that wait and waiting for a stream, not the taking of memory.
   */
  private static final class Steps implements TrainingListener {
    private final ComputeDevice device;
    private long last;
    private boolean noticed;

    Steps(ComputeDevice device) {
      this.device = device;
    }

    @Override
    public void on(TrainingEvent event) {
      switch (event) {
        case TrainingEvent.FirstBatch _ -> begin();
        case TrainingEvent.Stepped stepped -> last = stepped.step();
        default -> {
          // nothing to count
        }
      }
    }

    private void begin() {
      if (!device.cuda()) {
        return;
      }
      Cuda.refuseWaiting(true);
      try (var _ = new Scope()) {
        Tensor there = torch.zeros(new long[] {1}, new TensorOptions(device.toTorch()));
        try {
          Tensors.toDoubles(there);
        } catch (RuntimeException _) {
          noticed = true; // as it should be
        }
      }
    }

    void end() {
      if (device.cuda()) {
        Cuda.refuseWaiting(false);
      }
    }
  }
}
