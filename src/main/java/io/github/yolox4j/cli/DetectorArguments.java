package io.github.yolox4j.cli;

import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.tensor.Precision;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a detector is opened: the options of all commands that run one. */
final class DetectorArguments {

  @Mixin private NetworkOptions network;
  @Mixin private ComputeOptions compute;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      completionCandidates = Choices.Precisions.class)
  private Precision precision;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, the fastest here).",
      completionCandidates = Choices.Engines.class)
  private EngineKind engine;

  @Mixin private SizeOption size;

  @Option(
      names = "--legacy",
      description = "For weights older than release 0.1.1: RGB, normalised.")
  private boolean legacy;

  NetworkOptions network() {
    return network;
  }

  /** Makes a detector's options, the thresholds being each command's own. */
  DetectorOptions options(double confidence, double nms, Console console) {
    DetectorOptions options =
        WrongUsage.unlessValid(
                () -> DetectorOptions.DEFAULTS.withConfidence(confidence).withNms(nms))
            .withDevice(compute.device())
            .withPrecision(precision)
            .withEngine(engine)
            .withNotices(console::complain);
    options = size.size().map(options::withSize).orElse(options);
    options = network.model().map(options::withModel).orElse(options);
    return legacy ? options.withScaling(InputScaling.LEGACY) : options;
  }
}
