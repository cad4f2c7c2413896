package io.github.yolox4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.bench.SpeedByBatch.Work;
import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BenchTest {

  @Test
  void processorIsMeasuredBatchByBatch() {
    measure(ComputeDevice.CPU, List.of(Precision.FP32));
  }

  @Tag("gpu")
  @Test
  void deviceIsMeasuredBatchByBatch() {
    ComputeDevice device = DeviceUnderTest.get();
    measure(
        device,
        device.cuda()
            ? List.of(Precision.FP16, Precision.FP32, Precision.BF16)
            : List.of(Precision.FP32));
  }

  private static void measure(ComputeDevice device, List<Precision> precisions) {
    List<String> notices = new ArrayList<>();
    BenchResult result =
        Bench.run(
            new BenchPlan(
                OfficialModel.NANO.spec(),
                new InputSize(64, 96),
                List.of(EngineKind.TORCH),
                precisions,
                device,
                0.01,
                true,
                true),
            notices::add);
    assertEquals(List.of(), notices);
    assertEquals(precisions.size(), result.engines().size());
    assertEquals(device.toString(), result.machine().get("device"));
    assertTrue(result.training().orElseThrow().imagesPerSecond() > 0);
    assertEquals(Work.values().length * precisions.size(), result.batches().size());
    for (SpeedByBatch speeds : result.batches()) {
      assertEquals(1, speeds.speeds().getFirst().batch());
      for (BatchSpeed speed : speeds.speeds()) {
        assertTrue(speed.milliseconds() > 0 && speed.slowMilliseconds() >= speed.milliseconds());
        assertEquals(1e3 * speed.batch() / speed.milliseconds(), speed.imagesPerSecond(), 1e-6);
        assertTrue(speed.imagesPerSecond() <= speeds.fastest().imagesPerSecond());
      }
    }
  }
}
