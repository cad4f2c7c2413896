package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.CudaMemory;
import io.github.yolox4j.tensor.ResidentMemory;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five hundred steps of changing sizes, whose memory is looked at early and at the end. */
class TrainingMemoryTest {

  private static final int EARLY = 100;
  private static final int LATE = 500;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "epochs", "25",
          "batch", "2",
          "log-interval", "10",
          "loader.cache", "none",
          "evaluation.every", "25");

  /** What allocators of the process's own may still take. */
  private static final long MOST_GROWTH = 64L << 20;

  @Tag("gpu")
  @Test
  void trainingTakesNoMoreAndMoreMemory(@TempDir Path folder) {
    ComputeDevice device = DeviceUnderTest.get();
    Arithmetic arithmetic = device.cuda() ? Arithmetic.FP16 : Arithmetic.FP32;
    arithmetic.use(device);
    Readings readings = new Readings(device);
    SmallTraining.ofNano(SETTINGS).run(folder, device, arithmetic.precision(), readings);
    assertTrue(readings.touched > 0, "the heap was not taken whole before");
    Held early = readings.early;
    Held late = readings.late;
    assertTrue(late.device <= early.device, () -> "tensors grew from " + early + " to " + late);
    assertTrue(
        late.resident - early.resident <= MOST_GROWTH,
        () -> "the process grew from " + early + " to " + late);
  }

  /** Bytes at one moment: of tensors on a GPU, of the process. */
  private record Held(long device, long resident) {}

  /** Reads the memory after two steps of the run. */
  private static final class Readings implements TrainingListener {

    private final ComputeDevice device;
    private long touched;
    private Held early = new Held(0, 0);
    private Held late = new Held(Long.MAX_VALUE, Long.MAX_VALUE);

    Readings(ComputeDevice device) {
      this.device = device;
    }

    @Override
    public void on(TrainingEvent event) {
      if (event instanceof TrainingEvent.Stepped stepped) {
        if (stepped.step() == EARLY) {
          touched = touchHeap();
          early = now();
        } else if (stepped.step() == LATE) {
          late = now();
        }
      }
    }

    private Held now() {
      return new Held(device.cuda() ? CudaMemory.held(device) : 0, ResidentMemory.bytes());
    }

    /** Has Java's heap take all that it takes between two collections, which is no growth. */
    private static long touchHeap() {
      long before = collections();
      long bytes = 0;
      while (collections() == before) {
        bytes += new byte[1 << 20].length;
      }
      return bytes;
    }

    private static long collections() {
      return ManagementFactory.getGarbageCollectorMXBeans().stream()
          .mapToLong(GarbageCollectorMXBean::getCollectionCount)
          .sum();
    }
  }
}
