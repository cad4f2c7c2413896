package io.github.yolox4j.cli;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where and how a network computes. */
final class RuntimeOptions {

  @Mixin private ComputeOptions compute;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      completionCandidates = InferencePrecisions.class)
  private Precision precision;

  /** Applies the number of threads and finds the device. */
  ComputeDevice device() {
    return compute.device();
  }

  Precision precision() {
    return precision;
  }
}
