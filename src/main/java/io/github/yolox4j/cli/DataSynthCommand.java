package io.github.yolox4j.cli;

import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.detect.InputSize;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the synthetic data set. */
@Command(
    description = {
      "Makes a data set of shapes in COCO layout, to try things out without a download.",
      "The same seed gives the same files."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox data synth -o shapes --images 2000"})
final class DataSynthCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The folder to make.")
  private Path output;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "Pictures to train on (default: ${DEFAULT-VALUE}).")
  private int images = SyntheticData.DEFAULTS.trainImages();

  @Option(
      names = "--val",
      paramLabel = "N",
      description = "Pictures to validate on (default: ${DEFAULT-VALUE}).")
  private int val = SyntheticData.DEFAULTS.valImages();

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      description = "Size of the pictures, multiples of 32 (default: ${DEFAULT-VALUE}).")
  private String size =
      "%dx%d".formatted(SyntheticData.DEFAULTS.height(), SyntheticData.DEFAULTS.width());

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed gives other pictures (default: ${DEFAULT-VALUE}).")
  private long seed = SyntheticData.DEFAULTS.seed();

  @Mixin private ForceOption force;

  DataSynthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SyntheticData data = WrongUsage.unlessValid(this::settings);
    force.requireAllowedFolder(output);
    draw(data, output, console);
    console.print(
        "%s: %,d images to train on, %,d to validate on; classes %s",
        output, data.trainImages(), data.valImages(), String.join(", ", SyntheticData.CLASS_NAMES));
    return Main.DONE;
  }

  private SyntheticData settings() {
    InputSize sides = InputSize.parse(size);
    return new SyntheticData(images, val, sides.height(), sides.width(), seed);
  }

  static void draw(SyntheticData data, Path folder, Console console) {
    try (Progress progress = Progress.of(console, "Drawing", "images")) {
      data.write(folder, done -> progress.update(done, data.images()));
    }
  }
}
