package io.github.yolox4j.cli;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import picocli.CommandLine.Option;

/** Where and how a network computes. */
final class RuntimeOptions {

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      completionCandidates = InferencePrecisions.class)
  private Precision precision;

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
      LibTorch.setThreads(threads);
    }
    return ComputeDevice.of(device);
  }

  Precision precision() {
    return precision;
  }
}
