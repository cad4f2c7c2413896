package io.github.yolox4j.proof;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.ResidentMemory;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingListener;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Five hundred training steps of changing sizes, whose memory is looked at early and at the end.
 */
final class MemoryCheck {

  private static final int EARLY = 100;
  private static final int LATE = 500;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "epochs", "25",
          "batch", "2",
          "log-interval", "10",
          "loader.cache", "none",
          "evaluation.every", "25");

  private static final double MIB = 1 << 20;

  /** What allocators of the process's own may still take. */
  private static final long RESIDENT_GROWTH = 64L << 20;

  private MemoryCheck() {}

  static List<Item> items(Subject subject) {
    return List.of(new Item("nano", () -> check(subject)));
  }

  private static Finding check(Subject subject) {
    ComputeDevice device = subject.device();
    Arithmetic arithmetic = device.cuda() ? Arithmetic.FP16 : Arithmetic.FP32;
    arithmetic.allow();
    Readings readings = new Readings(device);
    SmallTraining.ofNano(SETTINGS)
        .run(subject.scratch().resolve("memory"), device, arithmetic.precision(), readings);
    return readings.finding();
  }

  /** Memory at one moment. */
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
      return new Held(device.cuda() ? Cuda.heldBytes(device) : 0, ResidentMemory.bytes());
    }

    /** Has Java's heap take all that it takes between two collections, which is no growth. */
    private static long touchHeap() {
      long before = collections();
      long touched = 0;
      while (collections() == before) {
        touched += new byte[1 << 20].length;
      }
      return touched;
    }

    private static long collections() {
      return ManagementFactory.getGarbageCollectorMXBeans().stream()
          .mapToLong(GarbageCollectorMXBean::getCollectionCount)
          .sum();
    }

    Finding finding() {
      double deviceGrowth = (late.device() - early.device()) / MIB;
      double residentGrowth = (late.resident() - early.resident()) / MIB;
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("young_heap_mib", touched / MIB);
      figures.put("device_mib", late.device() / MIB);
      figures.put("device_growth_mib", deviceGrowth);
      figures.put("resident_mib", late.resident() / MIB);
      figures.put("resident_growth_mib", residentGrowth);
      boolean flat =
          late.device() <= early.device() && late.resident() - early.resident() <= RESIDENT_GROWTH;
      String says =
          String.format(
              Locale.ROOT,
              "from step %d to %d the device's tensors grew by %.1f MiB, the process by %.1f MiB",
              EARLY,
              LATE,
              deviceGrowth,
              residentGrowth);
      return new Finding(flat ? Outcome.PASSED : Outcome.FAILED, says, figures);
    }
  }
}
