package io.github.yolox4j.cli;

import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.report.AssignmentPictures;
import io.github.yolox4j.stream.Overwriting;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws what SimOTA assigns. */
@Command(
    description =
        "Draws which anchor points SimOTA gives to which object, on augmented training images.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox assign -d coco/ -w yolox_nano.pth -o assigned"})
final class AssignCommand implements Callable<Integer> {

  private final Console console;
  @Mixin private NetworkOptions network;

  @Option(
      names = {"-d", "--data"},
      required = true,
      paramLabel = "DATA",
      description = DatasetParameter.DESCRIPTION)
  private Path data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "train",
      description = "Part of the data set (default: ${DEFAULT-VALUE}).")
  private String split;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "Folder for the pictures 0001.png, 0002.png, ...")
  private Path output;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many training images, 1 to 9999 (default: ${DEFAULT-VALUE}).")
  private int images;

  @Option(
      names = "--rule",
      paramLabel = "NAME",
      defaultValue = "head",
      description =
          "How objects get anchor points: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      completionCandidates = Choices.Rules.class)
  private AssignmentRule rule;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "What images and augmentation depend on (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--no-mosaic", description = "As in the last epochs: no mosaic, no mixup.")
  private boolean noMosaic;

  @Mixin private ForceOption force;

  AssignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (images < 1 || images > 9999) {
      throw new WrongUsage("--images is %d; expected 1 to 9999".formatted(images));
    }
    Path source = network.weights(console);
    Dataset set = Dataset.open(data, split);
    Overwriting overwriting = force.except(network.inputs(set, data, source));
    List<Path> targets =
        IntStream.rangeClosed(1, images)
            .mapToObj(i -> output.resolve(String.format(Locale.ROOT, "%04d.png", i)))
            .map(overwriting::allowed)
            .toList();
    AssignmentPictures pictures = new AssignmentPictures(set, rule, seed, !noMosaic);
    try (YoloX model = model(source)) {
      NewFolder.made(output);
      pictures.write(model, targets, (file, legend) -> console.print("%s: %s", file, legend));
    }
    return Main.DONE;
  }

  private YoloX model(Path source) {
    try (Weights weights = Weights.read(source)) {
      ModelSpec spec = network.model().orElseGet(() -> WeightsModel.infer(weights));
      return Networks.folded(FoldedNetwork.of(spec, weights));
    }
  }
}
