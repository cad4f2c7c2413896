package io.github.yolox4j.cli;

import io.github.yolox4j.export.ExportJob;
import io.github.yolox4j.export.ExportTarget;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import io.github.yolox4j.weights.WeightsModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a model for other programs. */
@Command(
    description = "Writes a model for other programs.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: yolox export -w yolox_s.pth --to onnx --nms --dynamic -o yolox_s.onnx",
      "         yolox export -w yolox_s.pth --to torchscript -o yolox_s.pt",
      "         yolox export -w yolox_nano.onnx --to pth -o yolox_nano.pth"
    })
final class ExportCommand implements Callable<Integer> {

  private final Console console;
  @Mixin private NetworkOptions network;
  @Mixin private GraphArguments graph;
  @Mixin private ForceOption force;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}.",
      completionCandidates = Choices.Targets.class)
  private ExportTarget target;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The file to write.")
  private Path output;

  @Option(
      names = "--strict",
      description = "Refuse weights with tensors that the model does not have.")
  private boolean strict;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    graph.requireSense(target);
    Path source = network.weights(console);
    force.except(network.inputs(source, graph.classFile())).allowed(output);
    try (Weights weights = Weights.read(source)) {
      ExportJob job = job(weights);
      String checked = target.write(output, job);
      console.print(
          "%s: %s as %s, %,d tensors, %,d bytes",
          output, job.spec().name(), target.key(), job.arrays().size(), Files.size(output));
      console.print("Checked: %s", checked);
    }
    return Main.DONE;
  }

  private ExportJob job(Weights weights) {
    ModelSpec spec = graph.sized(model(weights));
    WeightsMatch match = WeightsMatch.of(spec, weights);
    if (strict) {
      match.requireExact();
    }
    ExportJob job =
        new ExportJob(
            spec,
            weights,
            graph.classNames(weights.classNames(), spec.classes()),
            graph.options(),
            graph.scaling(),
            graph.normKept());
    if (!match.unexpected().isEmpty()) {
      console.tell("Left out: %s", match.describe());
    }
    return job;
  }

  private ModelSpec model(Weights weights) {
    return network
        .model()
        .map(named -> WeightsModel.withClassesOf(weights, named))
        .orElseGet(() -> WeightsModel.infer(weights));
  }
}
