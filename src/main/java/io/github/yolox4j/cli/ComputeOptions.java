package io.github.yolox4j.cli;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import picocli.CommandLine.Option;

/** On which device and with how many threads a command computes. */
final class ComputeOptions {

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one operation (default: the physical cores).")
  private Integer threads;

  /** Applies the number of threads and finds the device. */
  ComputeDevice device() {
    if (threads != null) {
      if (threads < 1) {
        throw new WrongUsage("--threads is %d; expected at least 1".formatted(threads));
      }
      IntraOpThreads.set(threads);
    }
    return ComputeDevice.of(device);
  }

  /**
   * Applies the number of threads, which is a share of the cores unless it is given, and finds the
   * device of one process of several on this machine.
   *
   * @param rank the process's number on this machine
   * @param processes how many there are on it
   */
  ComputeDevice device(int rank, int processes) {
    if (threads == null) {
      IntraOpThreads.set(Math.max(1, IntraOpThreads.count() / processes));
    }
    ComputeDevice chosen = device();
    return chosen.cuda() && !device.contains(":") ? ComputeDevice.of("cuda:" + rank) : chosen;
  }
}
