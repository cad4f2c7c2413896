package io.github.yolox4j.proof;

import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A training run in which libtorch throws wherever the host would wait for the device, except where
 * a number is shown and where an epoch ends.
 */
final class WaitingCheck {

  private static final int SIDE = 96;
  private static final int IMAGES = 40;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "epochs", "3",
          "batch", "4",
          "no-augmentation-epochs", "1",
          "schedule.warmup-epochs", "1",
          "log-interval", "5",
          "optimizer.clip-norm", "10",
          "multiscale.every", "2",
          "multiscale.below", "1",
          "multiscale.above", "1");

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
    SmallTraining training =
        new SmallTraining(
            OfficialModel.NANO
                .spec()
                .withClasses(SyntheticData.CLASS_NAMES.size())
                .withInput(SIDE, SIDE),
            new SyntheticData(IMAGES, 4, SIDE, SIDE, 1),
            SETTINGS,
            Optional.empty());
    Steps steps = new Steps(device.cuda());
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
    return device.cuda()
        ? new Finding(
            Outcome.PASSED, "%d steps waited for nothing else".formatted(steps.last), figures)
        : new Finding(
            Outcome.SKIPPED,
            "a processor is not waited for; %d steps ran".formatted(steps.last),
            figures);
  }

  /** Refuses waiting from the first batch on: what is before it prepares the run. */
  private static final class Steps implements TrainingListener {
    private final boolean gpu;
    private long last;

    Steps(boolean gpu) {
      this.gpu = gpu;
    }

    @Override
    public void on(TrainingEvent event) {
      switch (event) {
        case TrainingEvent.FirstBatch _ -> refuse(true);
        case TrainingEvent.Stepped stepped -> last = stepped.step();
        default -> {
          // nothing to count
        }
      }
    }

    private void refuse(boolean refused) {
      if (gpu) {
        Cuda.refuseWaiting(refused);
      }
    }

    void end() {
      refuse(false);
    }
  }
}
