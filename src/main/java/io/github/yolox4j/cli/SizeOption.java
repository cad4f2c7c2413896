package io.github.yolox4j.cli;

import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.model.ModelSpec;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Another size of the network's input. */
final class SizeOption {

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      description = "Input size of the network, multiples of 32 (default: the model's).")
  private String text;

  Optional<InputSize> size() {
    return Optional.ofNullable(text).map(InputSize::parse);
  }

  /** The model with the input size that was asked for. */
  ModelSpec applied(ModelSpec spec) {
    return size().map(size -> spec.withInput(size.height(), size.width())).orElse(spec);
  }
}
