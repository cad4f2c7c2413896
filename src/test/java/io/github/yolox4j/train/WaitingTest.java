package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.RefusedWaiting;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A training run in which libtorch throws wherever the host would wait for the device, except where
 * a number is shown and where an epoch ends.
 */
class WaitingTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "epochs", "3",
          "batch", "4",
          "schedule.warmup-epochs", "1",
          "log-interval", "5",
          "optimizer.clip-norm", "10");

  /** 40 images in batches of 4, three times. */
  private static final int STEPS = 30;

  private static int threads;

  @TempDir Path folder;

  @BeforeAll
  static void useOneThread() {
    threads = LibTorch.threads();
    IntraOpThreads.set(1); // such small operations gain nothing by two
  }

  @AfterAll
  static void useAllThreads() {
    IntraOpThreads.set(threads);
  }

  @Test
  void processorTakesEveryStep() {
    assertEquals(STEPS, train(ComputeDevice.CPU, Arithmetic.FP32).last);
  }

  @Tag("gpu")
  @ParameterizedTest
  @EnumSource(
      value = Arithmetic.class,
      names = {"FP16", "FP32"})
  void trainingWaitsForNothingButWhatItShows(Arithmetic arithmetic) {
    ComputeDevice device = DeviceUnderTest.get();
    assumeTrue(device.cuda(), "a processor is not waited for");
    Steps steps = train(device, arithmetic);
    assertEquals(STEPS, steps.last);
    assertTrue(steps.noticed, "libtorch does not notice that it waits");
  }

  private Steps train(ComputeDevice device, Arithmetic arithmetic) {
    arithmetic.use(device);
    try (Steps steps = new Steps(device)) {
      SmallTraining.ofNano(SETTINGS).run(folder, device, arithmetic.precision(), steps);
      return steps;
    }
  }

  /** Refuses waiting from the first batch on: what is before it prepares the run. */
  private static final class Steps implements TrainingListener, AutoCloseable {
    private final ComputeDevice device;
    private RefusedWaiting refusal; // null before the first batch
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
      refusal = new RefusedWaiting();
      try (var _ = new Scope()) {
        Tensor there = torch.zeros(new long[] {1}, new TensorOptions(device.toTorch()));
        try {
          Tensors.toDoubles(there);
        } catch (RuntimeException _) {
          noticed = true; // as it should be
        }
      }
    }

    @Override
    public void close() {
      if (refusal != null) {
        refusal.close();
      }
    }
  }
}
