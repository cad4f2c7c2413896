package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.TrainingData;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.files.FolderLock;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.report.ReportedTraining;
import io.github.yolox4j.report.TrainingLines;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.train.Recipe;
import io.github.yolox4j.train.RecipeFile;
import io.github.yolox4j.train.RunFolder;
import io.github.yolox4j.train.TrainingPlan;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a model. */
@Command(
    description = {
      "Trains a model on a data set, from random weights or from those of -w.",
      "The run's folder gets config.yaml, latest.pth, best.pth, metrics.jsonl, report.html and",
      "TensorBoard events. A run that was stopped goes on with --resume."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: yolox train -d shapes/ -o run --epochs 30 --batch 16",
      "         yolox train -d shapes/ -o run --resume",
      "         yolox train -d shapes/ -o run --devices 2",
      "         yolox train -d mine.yaml -m s -w yolox_s.pth -o run --set optimizer.rate=0.005",
      "",
      "Keys of --set are those of 'training' in what 'yolox models --recipe NAME' prints."
    })
final class TrainCommand implements Callable<Integer> {

  private static final OfficialModel DEFAULT = OfficialModel.NANO;

  private static final String EPOCHS = "epochs";
  private static final String WARMUP = "schedule.warmup-epochs";
  private static final String END = "no-augmentation-epochs";

  /** What a run that is resumed has from its folder. */
  private static final List<String> RECIPE_OPTIONS =
      List.of("-m", "-w", "--epochs", "--batch", "--seed", "--size", "--set");

  private final Console console;

  @Spec private CommandSpec command;

  @Option(
      names = {"-d", "--data"},
      required = true,
      paramLabel = "DATA",
      description = DatasetParameter.DESCRIPTION)
  private Path data;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The run's folder.")
  private Path output;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|FILE.yaml",
      description = {
        "nano, tiny, s, m, l, x, darknet53, or a model file with its recipe.",
        "Left out, it is told from -w; without -w it is nano."
      })
  private String model;

  @Option(
      names = {"-w", "--weights"},
      paramLabel = "FILE",
      description = {
        "Weights to begin with: .pth, .safetensors or .onnx.",
        "Those of another shape are left out."
      })
  private Path weights;

  @Option(
      names = "--train-split",
      paramLabel = "NAME",
      defaultValue = "train",
      description = "Images to train on (default: ${DEFAULT-VALUE}).")
  private String trainSplit;

  @Option(
      names = "--val-split",
      paramLabel = "NAME",
      defaultValue = "val",
      description = "Images to measure accuracy on (default: ${DEFAULT-VALUE}).")
  private String valSplit;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = {
        "Short for --set epochs=N. With fewer than no-augmentation-epochs, that is",
        "shortened in proportion unless it is set too."
      })
  private Integer epochs;

  @Option(names = "--batch", paramLabel = "N", description = "Short for --set batch=N.")
  private Integer batch;

  @Option(names = "--seed", paramLabel = "N", description = "Short for --set seed=N.")
  private Long seed;

  @Mixin private SizeOption size;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Changes a value of the recipe; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--resume",
      description = "Goes on with the run in DIR, by the recipe that it began with.")
  private boolean resume;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description = {
        "${COMPLETION-CANDIDATES} (default: fp32 on a CPU, fp16 on CUDA).",
        "16-bit types are those of the convolutions; weights and losses keep 32."
      },
      completionCandidates = Choices.Precisions.class)
  private Precision precision;

  @Mixin private ComputeOptions compute;
  @Mixin private RankOptions ranks;
  @Mixin private ForceOption force;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Optional<Integer> launched = ranks.launch();
    return launched.isPresent() ? launched.get() : train();
  }

  private int train() {
    RunFolder folder = new RunFolder(output);
    if (resume) {
      requireNothingElse();
      folder.requireCheckpoint();
    }
    try (FolderLock _ = ranks.first() ? FolderLock.of(output) : null) {
      if (ranks.first() && !resume) {
        force.requireAllowedFolder(output);
      }
      return train(folder);
    }
  }

  private int train(RunFolder folder) {
    // parsed before the data set, so that a typing error shows at once
    Map<String, String> changes = changes();
    TrainingModel chosen = resume ? TrainingModel.of(folder.config()) : chosen();
    shorten(chosen.recipe(), changes);
    Recipe recipe = RecipeFile.change(chosen.recipe(), changes, "--set");
    recipe.batchOf(ranks.size());
    TrainingData images = TrainingData.open(data, trainSplit, valSplit);
    ComputeDevice device = ranks.device(compute);
    TrainingPlan plan =
        new TrainingPlan(
            chosen.spec().withClasses(images.train().truth().categories().size()),
            recipe,
            images.train(),
            images.validation(),
            Optional.ofNullable(weights),
            folder,
            resume,
            device,
            precision != null ? precision : device.cuda() ? Precision.FP16 : Precision.FP32);
    TrainingLines lines = new TrainingLines(folder, console.err()::println);
    try (Ranks all = ranks.join(device);
        TrainingBar bar = console.terminal() ? new TrainingBar(console, lines) : null) {
      ReportedTraining.run(plan, all, bar == null ? lines : bar);
    }
    return Main.DONE;
  }

  private void requireNothingElse() {
    if (RECIPE_OPTIONS.stream()
        .anyMatch(command.commandLine().getParseResult()::hasMatchedOption)) {
      throw new WrongUsage(
          "--resume goes on by the recipe in %s; leave out -m, -w, --epochs, --batch, --seed,"
                  .formatted(new RunFolder(output).config())
              + " --size and --set");
    }
  }

  private Map<String, String> changes() {
    Map<String, Number> shorts = new LinkedHashMap<>();
    shorts.put(EPOCHS, epochs);
    shorts.put("batch", batch);
    shorts.put("seed", seed);
    shorts.values().removeIf(Objects::isNull);
    Map<String, String> changes = new LinkedHashMap<>();
    shorts.forEach((key, value) -> changes.put(key, value.toString()));
    changes.putAll(settings);
    return changes;
  }

  /** The warm-up and the end without augmentation keep their share of a run that is shorter. */
  private void shorten(Recipe recipe, Map<String, String> changes) {
    String total = changes.getOrDefault(EPOCHS, "");
    if (!total.matches("[1-9]\\d{0,3}")) {
      return; // not said, or wrong, which the recipe tells
    }
    int epochs = Integer.parseInt(total);
    int end = recipe.noAugmentationEpochs();
    if (end > epochs) {
      shorten(END, "Without augmentation at the end", share(end, recipe, epochs), epochs, changes);
    }
    int warmup = recipe.schedule().warmupEpochs();
    if (warmup >= epochs) {
      // a single epoch has no time for one
      int shortened = epochs == 1 ? 0 : share(warmup, recipe, epochs);
      shorten(WARMUP, "Warm-up of the learning rate", shortened, epochs, changes);
    }
  }

  private static int share(int part, Recipe recipe, int epochs) {
    return (int) Math.max(1, Math.round((double) part * epochs / recipe.epochs()));
  }

  private void shorten(
      String key, String what, int shortened, int epochs, Map<String, String> changes) {
    if (changes.containsKey(key)) {
      return; // said
    }
    changes.put(key, Integer.toString(shortened));
    if (ranks.first()) {
      console.tell("%s: %d of %d epochs; --set %s=N changes that", what, shortened, epochs, key);
    }
  }

  private TrainingModel chosen() {
    TrainingModel named =
        model != null
            ? TrainingModel.named(model)
            : weights != null ? ofWeights() : TrainingModel.of(DEFAULT.spec());
    return new TrainingModel(size.applied(named.spec()), named.recipe());
  }

  private TrainingModel ofWeights() {
    if (!Files.exists(weights)) {
      throw new YoloxException("Weights %s do not exist".formatted(weights));
    }
    try (Weights arrays = Weights.read(weights)) {
      return TrainingModel.of(WeightsModel.infer(arrays));
    }
  }
}
