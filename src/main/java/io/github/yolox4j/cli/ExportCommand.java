package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.UnfinishedFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.weights.DType;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import io.github.yolox4j.weights.WeightsModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a model for other programs. */
@Command(
    name = "export",
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
  @Mixin private Overwriting overwriting;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}.",
      completionCandidates = ExportTargets.class)
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
    overwriting.allowed(output, network.inputs(source, graph.classFile()));
    try (Weights weights = Weights.read(source)) {
      ExportJob job = job(weights);
      String checked = write(job);
      console
          .out()
          .printf(
              Locale.ROOT,
              "%s: %s as %s, %,d tensors, %,d bytes%n",
              output,
              job.spec().name(),
              target.key(),
              job.arrays().size(),
              Files.size(output));
      console.out().printf("Checked: %s%n", checked);
    }
    return Main.DONE;
  }

  private ExportJob job(Weights weights) {
    ModelSpec spec = graph.sized(model(weights));
    WeightsMatch match = WeightsMatch.of(spec, weights);
    if (strict) {
      match.requireExact();
    }
    match.requireComplete();
    if (!match.unexpected().isEmpty()) {
      console.err().printf("Left out: %s%n", match.describe());
    }
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (StateEntry entry : Network.of(spec).stateDict()) {
      arrays.put(entry.key(), official(weights.arrays().get(entry.key())));
    }
    return new ExportJob(
        spec,
        weights,
        arrays,
        graph.classNames(weights.classNames(), spec.classes()),
        graph.options(),
        graph.scaling(),
        graph.normKept());
  }

  private ModelSpec model(Weights weights) {
    return network
        .model()
        .map(named -> WeightsModel.withClassesOf(weights, named))
        .orElseGet(() -> WeightsModel.infer(weights));
  }

  /** Writes the file, which gets its name when it is as it should be. */
  private String write(ExportJob job) {
    try (UnfinishedFile file = new UnfinishedFile(output)) {
      String checked;
      try {
        checked = target.write(file.temporary(), job);
      } catch (YoloxException e) {
        String message = e.getMessage().replace(file.temporary().toString(), output.toString());
        throw new YoloxException(message, e);
      }
      file.commit();
      return checked;
    }
  }

  /** The official checkpoints hold nothing wider than 32-bit floats. */
  private static WeightArray official(WeightArray array) {
    return array.dtype() == DType.FLOAT64 ? WeightArray.of(array.toFloats(), array.shape()) : array;
  }
}
