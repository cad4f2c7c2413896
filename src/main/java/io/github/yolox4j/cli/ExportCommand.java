package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.UnfinishedFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.weights.DType;
import io.github.yolox4j.weights.OwnEntries;
import io.github.yolox4j.weights.PthWriter;
import io.github.yolox4j.weights.SafetensorsWriter;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import io.github.yolox4j.weights.WeightsModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
    footer = {"", "Example: yolox export -w yolox_nano.onnx --to pth -o yolox_nano.pth"})
final class ExportCommand implements Callable<Integer> {

  /** What can be written. */
  enum Target {
    /** A checkpoint that the official code loads. */
    PTH {
      @Override
      void write(Path file, ModelSpec spec, Weights source, Map<String, WeightArray> arrays) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("model", arrays);
        Map<String, Object> own = OwnEntries.of(source);
        if (!own.isEmpty()) {
          root.put(OwnEntries.ROOT, own);
        }
        PthWriter.write(file, root);
      }
    },
    /** Named tensors without code. */
    SAFETENSORS {
      @Override
      void write(Path file, ModelSpec spec, Weights source, Map<String, WeightArray> arrays) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("model", spec.name());
        for (String key : List.of(Weights.CONFIG, Weights.CLASSES)) {
          if (source.metadata().containsKey(key)) {
            metadata.put(key, source.metadata().get(key));
          }
        }
        SafetensorsWriter.write(file, arrays, metadata);
      }
    };

    abstract void write(Path file, ModelSpec spec, Weights source, Map<String, WeightArray> arrays);
  }

  private final Console console;
  @Mixin private NetworkOptions network;
  @Mixin private Overwriting overwriting;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}.",
      completionCandidates = ExportTargets.class)
  private Target target;

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
    Path source = network.weights(console);
    overwriting.allowed(output, network.inputs(source));
    try (Weights weights = Weights.read(source)) {
      ModelSpec spec = network.model().orElseGet(() -> WeightsModel.infer(weights));
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
      write(spec, weights, arrays);
      console
          .out()
          .printf(
              Locale.ROOT,
              "%s: %s as %s, %,d tensors, %,d bytes%n",
              output,
              spec.name(),
              target.name().toLowerCase(Locale.ROOT),
              arrays.size(),
              Files.size(output));
    }
    return Main.DONE;
  }

  /** Writes the file, which gets its name when it reads back as it should. */
  private void write(ModelSpec spec, Weights source, Map<String, WeightArray> arrays) {
    try (UnfinishedFile file = new UnfinishedFile(output)) {
      try {
        target.write(file.temporary(), spec, source, arrays);
        verify(file.temporary(), arrays);
      } catch (YoloxException e) {
        String message = e.getMessage().replace(file.temporary().toString(), output.toString());
        throw new YoloxException(message, e);
      }
      file.commit();
    }
  }

  /** The official checkpoints hold nothing wider than 32-bit floats. */
  private static WeightArray official(WeightArray array) {
    return array.dtype() == DType.FLOAT64 ? WeightArray.of(array.toFloats(), array.shape()) : array;
  }

  /** Reads back what was written. */
  private static void verify(Path file, Map<String, WeightArray> arrays) {
    try (Weights written = Weights.read(file)) {
      arrays.forEach(
          (key, array) -> {
            WeightArray copy = written.arrays().get(key);
            if (copy == null
                || copy.contiguousCopy().data().mismatch(array.contiguousCopy().data()) >= 0) {
              throw new YoloxException(
                  "%s does not read back as it was written: tensor %s differs"
                      .formatted(file, key));
            }
          });
    }
  }
}
