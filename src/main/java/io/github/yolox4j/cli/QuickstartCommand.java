package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.data.TrainingData;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.CocoMetrics;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.eval.ModelDetections;
import io.github.yolox4j.eval.Shard;
import io.github.yolox4j.files.FolderLock;
import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.report.ReportedTraining;
import io.github.yolox4j.report.TrainingLines;
import io.github.yolox4j.stream.DetectionJob;
import io.github.yolox4j.stream.DetectionSummary;
import io.github.yolox4j.stream.Overwriting;
import io.github.yolox4j.stream.Sinks;
import io.github.yolox4j.stream.Source;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.train.RecipeFile;
import io.github.yolox4j.train.RunFolder;
import io.github.yolox4j.train.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job in one go, on a synthetic data set. */
@Command(
    description = {
      "Makes a data set of shapes, trains a small model on it from random weights, measures it on",
      "images that it has not seen, detects in some of them, and writes a page about all that.",
      "Takes two to three minutes on two cores and downloads nothing."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox quickstart -o first"})
final class QuickstartCommand implements Callable<Integer> {

  private static final String MODEL = "demo.yaml";
  private static final int TRAIN_IMAGES = 800;
  private static final int VAL_IMAGES = 60;
  private static final int UNSEEN_IMAGES = 200;
  private static final int SIDE = 224;
  private static final int SHOWN = 8;

  private final Console console;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      defaultValue = "quickstart",
      description = "Where everything goes (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Another seed gives other images and weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private ComputeOptions compute;
  @Mixin private ForceOption force;

  QuickstartCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (FolderLock _ = FolderLock.of(output)) {
      force.requireAllowedFolder(output);
      return work();
    }
  }

  private int work() {
    ComputeDevice device = compute.device();
    RunFolder folder = new RunFolder(output);
    Path images = output.resolve("shapes");
    Path unseen = output.resolve("unseen");
    DataSynthCommand.draw(
        new SyntheticData(TRAIN_IMAGES, VAL_IMAGES, SIDE, SIDE, seed), images, console);
    // one more set, because the best weights are chosen by the validation images
    DataSynthCommand.draw(new SyntheticData(1, UNSEEN_IMAGES, SIDE, SIDE, ~seed), unseen, console);
    TrainingData data = TrainingData.open(images, "train", "val");
    String model = model();
    TrainingPlan plan =
        new TrainingPlan(
            ModelFile.parse(model, MODEL).spec(),
            RecipeFile.change(
                RecipeFile.parse(model, MODEL), Map.of("seed", Long.toString(seed)), "--seed"),
            data.train(),
            data.validation(),
            Optional.empty(),
            folder,
            false,
            device,
            Precision.FP32);
    ReportedTraining.run(plan, new TrainingLines(folder, console.err()::println));
    detectUnseen(folder.best(), Dataset.open(unseen, "val"), device);
    console.print("%nLook at %s, then detect in pictures of your own:", folder.report());
    console.print("  yolox detect PICTURE -w %s --save found", folder.best());
    return Main.DONE;
  }

  private static String model() {
    try (InputStream in = QuickstartCommand.class.getResourceAsStream(MODEL)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(MODEL, e.getMessage()), e);
    }
  }

  private void detectUnseen(Path weights, Dataset unseen, ComputeDevice device) {
    DetectorOptions options = DetectorOptions.DEFAULTS.withDevice(device).withAgnostic(false);
    DetectorOptions measuring = options.withConfidence(0.001).withNms(0.65).withClipping(false);
    try (Detector detector = Detector.open(weights, measuring)) {
      Detections found = ModelDetections.detect(detector, unseen, Shard.ALL, device, 1, _ -> {});
      CocoMetrics metrics = CocoEvaluator.evaluate(found).metrics();
      console.print(
          "On %d images that were not seen before: AP %.4f, AP50 %.4f",
          unseen.truth().images().size(), metrics.ap(), metrics.ap50());
    }
    Path drawn = output.resolve("detections");
    List<Source> some =
        unseen.truth().images().subList(0, SHOWN).stream()
            .map(image -> Source.of(image.in(unseen.images()), Path.of(image.fileName())))
            .toList();
    DetectionJob job = new DetectionJob(some, List.of(Sinks.drawn(drawn)), 1, Overwriting.ALWAYS);
    try (Detector detector = Detector.open(weights, options)) {
      DetectionSummary found = job.run(detector, (_, _) -> {});
      console.print("Detections in %d of them: %s", found.pictures(), drawn);
    }
  }
}
