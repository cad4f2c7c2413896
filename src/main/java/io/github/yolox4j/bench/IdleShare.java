package io.github.yolox4j.bench;

import com.sun.management.OperatingSystemMXBean;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.cuda.CudaDriver;
import io.github.yolox4j.ffi.cuda.GpuMonitor;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** For how much of the time a device is idle under a load. */
final class IdleShare {

  /** How long a device is looked at, as a multiple of what a batch is measured for. */
  private static final double LONGER = 2;

  /** How long a device is left alone between two looks at it. */
  private static final double RUN_MILLISECONDS = 100;

  private IdleShare() {}

  /** Measures while a batch is done again and again; empty where nothing tells. */
  static OptionalDouble of(
      Workload workload, BatchSpeed speed, ComputeDevice device, double seconds) {
    int runs = workload.runs(RUN_MILLISECONDS / speed.milliseconds());
    try (Workload.Batch batch = workload.batch(speed.batch())) {
      batch.run(1);
      Runnable load = () -> batch.run(runs);
      return device.cuda()
          ? ofGpu(device, load, LONGER * seconds)
          : ofProcessor(load, LONGER * seconds);
    } catch (RuntimeException e) {
      if (LibTorch.outOfMemory(e)) {
        return OptionalDouble.empty(); // what was measured before is kept
      }
      throw e;
    } finally {
      device.releaseMemory();
    }
  }

  /** By the mean of the driver's readings, each of which covers up to a second before it. */
  private static OptionalDouble ofGpu(ComputeDevice device, Runnable load, double seconds) {
    Optional<GpuMonitor> monitor =
        Machine.gpu(device).map(CudaDriver.Gpu::bus).flatMap(GpuMonitor::find);
    if (monitor.isEmpty()) {
      return OptionalDouble.empty();
    }
    run(load, 1); // before the first reading counts
    long end = System.nanoTime() + nanoseconds(seconds);
    double busy = 0;
    int readings = 0;
    try {
      do {
        load.run();
        busy += monitor.get().busy();
        readings++;
      } while (System.nanoTime() < end);
    } catch (YoloxException _) {
      return OptionalDouble.empty(); // a driver that does not tell
    }
    return OptionalDouble.of(1 - busy / readings);
  }

  /** By the time that the process got from the threads that an operation may use. */
  private static OptionalDouble ofProcessor(Runnable load, double seconds) {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
      return OptionalDouble.empty();
    }
    long before = system.getProcessCpuTime();
    long start = System.nanoTime();
    run(load, seconds);
    double busy = system.getProcessCpuTime() - before;
    double all = (double) (System.nanoTime() - start) * IntraOpThreads.count();
    return OptionalDouble.of(Math.clamp(1 - busy / all, 0, 1));
  }

  private static void run(Runnable load, double seconds) {
    long end = System.nanoTime() + nanoseconds(seconds);
    do {
      load.run();
    } while (System.nanoTime() < end);
  }

  private static long nanoseconds(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }
}
