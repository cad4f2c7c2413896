package io.github.yolox4j.bench;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.ResidentMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Measures a workload at batch 1, 2, 4 and so on until one does not fit into the device's memory,
 * and at the largest one that does. A processor's memory is not filled: there it ends where larger
 * batches are no faster, or take too long.
 */
final class BatchSearch {

  private static final int MOST = 1 << 12;
  private static final double MIB = 1 << 20;

  /** The largest batch that fits is found to one part in so many. */
  private static final int PARTS = 8;

  /** What counts as faster on a processor. */
  private static final double GAIN = 1.03;

  private static final int LEAST_RUNS = 3;

  /** Into how many runs the time for a batch is divided at least. */
  private static final double SHARES = 5;

  /** Passes that take so many times what a batch is measured for end the search. */
  private static final double PATIENCE = 4;

  private final Workload workload;
  private final ComputeDevice device;
  private final double seconds;
  private final boolean filled;
  private final List<BatchSpeed> speeds = new ArrayList<>();
  private Optional<String> failure = Optional.empty();
  private int refused;

  private BatchSearch(Workload workload, ComputeDevice device, double seconds, boolean filled) {
    this.workload = workload;
    this.device = device;
    this.seconds = seconds;
    this.filled = filled;
  }

  /**
   * What was measured.
   *
   * @param speeds by ascending batch, at least one
   * @param refused the smallest batch that was found not to fit; 0 if there was none
   * @param failure why it did not, where that was not for want of memory
   */
  record Found(List<BatchSpeed> speeds, int refused, Optional<String> failure) {}

  static Found run(Workload workload, ComputeDevice device, double seconds) {
    return run(workload, device, seconds, device.cuda());
  }

  /** Searches; {@code filled} tells whether it goes on until memory is full. */
  static Found run(Workload workload, ComputeDevice device, double seconds, boolean filled) {
    BatchSearch search = new BatchSearch(workload, device, seconds, filled);
    search.grow();
    return new Found(List.copyOf(search.speeds), search.refused, search.failure);
  }

  private void grow() {
    int batch = 1;
    while (batch <= MOST && measured(batch) && worthwhile()) {
      batch *= 2;
    }
    if (refused > 1) {
      narrow();
    }
  }

  /** Whether a larger batch is to be tried after the last. */
  private boolean worthwhile() {
    BatchSpeed last = speeds.getLast();
    if (last.milliseconds() > PATIENCE * seconds * 1e3) {
      return false;
    }
    return filled
        || speeds.size() < 2
        || last.imagesPerSecond() > GAIN * speeds.get(speeds.size() - 2).imagesPerSecond();
  }

  /** Finds how much more than the last batch fits. */
  private void narrow() {
    int fitting = speeds.getLast().batch();
    int found = fitting;
    int step = Math.max(1, fitting / PARTS);
    while (refused - found > step) {
      int middle = found + (refused - found) / 2;
      if (tried(middle, load -> load.run(1))) {
        found = middle;
      }
    }
    if (found > fitting) {
      measured(found);
    }
  }

  /** Measures a batch, or notes that it does not fit. */
  private boolean measured(int batch) {
    forgetPeak();
    return tried(
        batch,
        load -> {
          load.run(1); // makes what the shape needs
          int times = times(load);
          Stopwatch watch = new Stopwatch();
          watch.measure(() -> load.run(times), seconds, LEAST_RUNS);
          double median = watch.quantile(0.5) / times;
          speeds.add(
              new BatchSpeed(
                  batch,
                  median,
                  watch.quantile(0.9) / times,
                  batch * 1e3 / median,
                  peakMib(),
                  OptionalDouble.empty()));
        });
  }

  /** How often the load is run in a row: less often where once takes long. */
  private int times(Workload.Batch load) {
    long start = System.nanoTime();
    load.run(1);
    double once = (System.nanoTime() - start) / 1e9;
    return workload.runs(seconds / SHARES / once);
  }

  private boolean tried(int batch, Consumer<Workload.Batch> attempt) {
    try (Workload.Batch load = workload.batch(batch)) {
      attempt.accept(load);
      return true;
    } catch (RuntimeException e) {
      if (batch == 1) {
        throw e;
      }
      refused = batch;
      failure = LibTorch.outOfMemory(e) ? Optional.empty() : Optional.of(LibTorch.firstLine(e));
      return false;
    } finally {
      device.releaseMemory();
    }
  }

  private void forgetPeak() {
    if (device.cuda()) {
      Cuda.forgetPeak(device);
    }
  }

  private double peakMib() {
    return (device.cuda() ? Cuda.peakBytes(device) : ResidentMemory.bytes()) / MIB;
  }
}
