package io.github.yolox4j.cli;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
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

  @Option(
      names = "--tf32",
      negatable = true,
      description = {
        "Lets 32-bit work on a GPU keep 10 bits of a factor's fraction",
        "(default: in convolutions, as PyTorch does)."
      })
  private Boolean tf32;

  @Option(
      names = "--cudnn-benchmark",
      description = "Has cuDNN try its algorithms for each new input size on a GPU.")
  private boolean benchmark;

  /** Applies the number of threads and finds the device. */
  ComputeDevice device() {
    if (threads != null) {
      if (threads < 1) {
        throw new WrongUsage("--threads is %d; expected at least 1".formatted(threads));
      }
      IntraOpThreads.set(threads);
    }
    ComputeDevice chosen = ComputeDevice.of(device);
    if (chosen.cuda()) {
      if (tf32 != null) {
        LibTorch.allowTf32(tf32);
      }
      LibTorch.benchmarkConvolutions(benchmark);
    }
    return chosen;
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
