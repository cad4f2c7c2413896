package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.OfficialWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which model with which weights: options that most commands share. */
final class NetworkOptions {

  /** The property that the launcher sets to the folder {@code models/}. */
  private static final String MODELS = "yolox4j.models";

  private static final OfficialModel DEFAULT = OfficialModel.NANO;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|FILE.yaml",
      description = {
        "nano, tiny, s, m, l, x, darknet53, or a model file.",
        "Left out with -w, it is told from the weights."
      })
  private String model;

  @Option(
      names = {"-w", "--weights"},
      paramLabel = "FILE",
      description = {
        "Weights: .pth, .safetensors or .onnx.",
        "Left out, those that 'weights get' downloaded, else the demo weights."
      })
  private Path weights;

  /** The model that was named. */
  Optional<ModelSpec> model() {
    return argument().map(ModelArgument::spec);
  }

  private Optional<ModelArgument> argument() {
    return Optional.ofNullable(model).map(ModelArgument::parse);
  }

  /** The files that were named here and others that the command reads; null is left out. */
  FileSet inputs(Path... others) {
    Path file = model == null ? null : Path.of(model);
    return FileSet.of(
        Stream.concat(Arrays.stream(others), Stream.of(weights, file)).toArray(Path[]::new));
  }

  /** The same, with what is read of a data set. */
  FileSet inputs(Dataset set, Path... others) {
    return inputs(Stream.concat(Arrays.stream(others), set.files()).toArray(Path[]::new));
  }

  /**
   * The weights that were named, else the downloaded official ones, else those of the demo model,
   * which a line on err says.
   */
  Path weights(Console console) {
    if (weights != null) {
      if (!Files.exists(weights)) {
        throw new YoloxException("Weights %s do not exist".formatted(weights));
      }
      return weights;
    }
    OfficialModel official =
        argument()
            .orElseGet(() -> ModelArgument.of(DEFAULT))
            .official()
            .orElseThrow(
                () ->
                    new WrongUsage(
                        "Model %s has no official weights; expected -w FILE".formatted(model)));
    Path cached = OfficialWeights.cached(official, OfficialWeights.cacheFolder());
    if (!Files.exists(cached)) {
      Path demo = Path.of(System.getProperty(MODELS, "models"), "demo.pth");
      if (model == null && Files.exists(demo)) {
        console.tell("Using the demo weights %s, which know synthetic shapes only", demo);
        return demo;
      }
      throw new YoloxException(
          "No weights: give -w FILE, or download the official ones with 'yolox weights get %s'"
              .formatted(official.key()));
    }
    console.tell("Using the official weights %s", cached);
    return cached;
  }
}
