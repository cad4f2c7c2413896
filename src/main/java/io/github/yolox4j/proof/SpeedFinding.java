package io.github.yolox4j.proof;

import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/** Measures a kind of load at all batches, with the share of time in which the device is idle. */
final class SpeedFinding {

  /** How long a device's idle time is looked at, as a multiple of what a batch is measured for. */
  private static final double IDLE_SECONDS = 2;

  /** How long the device is left alone between two looks at it. */
  private static final double RUN_MILLISECONDS = 100;

  private SpeedFinding() {}

  /** An item for each model in each arithmetic, the most wanted arithmetic first. */
  static List<Item> items(Subject subject, BiFunction<ModelSpec, Arithmetic, Finding> measurement) {
    List<Item> items = new ArrayList<>();
    for (Arithmetic arithmetic : Arithmetic.usual(subject.device())) {
      for (OfficialModel model : subject.models()) {
        items.add(
            new Item(
                model.key() + " " + arithmetic,
                () -> {
                  arithmetic.allow();
                  return measurement.apply(model.spec(), arithmetic);
                }));
      }
    }
    return items;
  }

  static Finding measure(Load.Kind kind, ComputeDevice device, double seconds) {
    LibTorch.benchmarkConvolutions(true); // every batch comes again and again
    try {
      return measured(kind, device, seconds);
    } finally {
      LibTorch.benchmarkConvolutions(false);
    }
  }

  private static Finding measured(Load.Kind kind, ComputeDevice device, double seconds) {
    BatchSearch.Found found = BatchSearch.run(kind, device, seconds);
    BatchSpeed single = found.speeds().getFirst();
    BatchSpeed fastest = found.fastest();
    StringBuilder says = new StringBuilder();
    says.append(
        String.format(
            Locale.ROOT,
            "%.2f ms at batch 1, %.1f images/s at batch %d",
            single.milliseconds(),
            fastest.imagesPerSecond(),
            fastest.batch()));
    Map<String, Double> figures = new LinkedHashMap<>();
    if (found.refused() > 0) {
      int largest = found.speeds().getLast().batch();
      figures.put("largest_batch", (double) largest);
      figures.put("refused_batch", (double) found.refused());
      says.append("; %d does not fit".formatted(found.refused()));
      found.failure().ifPresent(why -> says.append(" (").append(why).append(')'));
      says.append(", %d would".formatted(largest));
    }
    idle(kind, device, single, seconds, figures, says);
    if (fastest.batch() > 1) {
      idle(kind, device, fastest, seconds, figures, says);
    }
    return new Finding(Outcome.MEASURED, says.toString(), figures, found.speeds());
  }

  private static void idle(
      Load.Kind kind,
      ComputeDevice device,
      BatchSpeed speed,
      double seconds,
      Map<String, Double> figures,
      StringBuilder says) {
    int batch = speed.batch();
    int times = kind.times(RUN_MILLISECONDS / speed.milliseconds());
    try (Load load = kind.of(batch)) {
      load.run(1);
      BusyTime.idle(device, () -> load.run(times), IDLE_SECONDS * seconds)
          .ifPresent(
              share -> {
                figures.put("idle_at_" + batch, share);
                says.append(
                    String.format(
                        Locale.ROOT, "; idle %.0f %% of the time at batch %d", 100 * share, batch));
              });
    } catch (RuntimeException e) { // what was measured before is kept
      says.append("; no idle time: ").append(LibTorch.firstLine(e));
    } finally {
      device.releaseMemory();
    }
  }
}
