package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.detect.StageTimes;
import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.eval.ModelDetections;
import io.github.yolox4j.eval.Shard;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.report.Accuracy;
import io.github.yolox4j.report.AccuracyMetric;
import io.github.yolox4j.report.EvaluationReport;
import io.github.yolox4j.stream.Overwriting;
import io.github.yolox4j.tensor.ComputeDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures accuracy on a data set. */
@Command(
    description =
        "Measures accuracy on a data set: of a model, or of detections that were made elsewhere.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: yolox eval -d coco/ --split val -w yolox_s.pth",
      "         yolox eval --images val2017 --annotations instances_val2017.json -w yolox_s.pth",
      "         yolox eval --detections found.json --annotations instances_val2017.json"
    })
final class EvalCommand implements Callable<Integer> {

  private record Measurement(
      Detections found,
      Optional<Accuracy> accuracy,
      Map<String, String> facts,
      Optional<Path> pictures,
      Optional<StageTimes> times) {}

  private final Console console;
  @Mixin private DetectorArguments arguments;

  @Option(
      names = {"-d", "--data"},
      paramLabel = "DATA",
      description = DatasetParameter.DESCRIPTION)
  private Path data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "val",
      description = "Part of the data set (default: ${DEFAULT-VALUE}).")
  private String split;

  @Option(names = "--images", paramLabel = "DIR", description = "Folder of images.")
  private Path images;

  @Option(names = "--annotations", paramLabel = "FILE", description = "COCO annotations.")
  private Path annotations;

  @Option(
      names = "--detections",
      paramLabel = "FILE",
      description = "COCO results to evaluate instead of running a model.")
  private Path detections;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      defaultValue = "coco",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      completionCandidates = Choices.Metrics.class)
  private AccuracyMetric metric;

  @Option(
      names = "--conf",
      paramLabel = "SCORE",
      defaultValue = "0.01",
      description = "Least score, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--nms",
      paramLabel = "IOU",
      defaultValue = "0.65",
      description = "IoU above which the lower box is dropped (default: ${DEFAULT-VALUE}).")
  private double nms;

  @Option(names = "--tta", description = "Look at pictures mirrored and in other sizes too.")
  private boolean augmented;

  @Mixin private BatchOption batch;

  @Option(
      names = "--save-detections",
      paramLabel = "FILE",
      description = "Write the detections as COCO results.")
  private Path saved;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.html with curves, confusions and the worst mistakes.")
  private Path report;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write the numbers as JSON; - is standard output.")
  private String json;

  @Mixin private LenientOption lenient;
  @Mixin private ForceOption force;

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    requireSense();
    Optional<Dataset> set = dataset();
    NetworkOptions network = arguments.network();
    Overwriting overwriting =
        force.except(
            set.map(read -> network.inputs(read, data, annotations))
                .orElseGet(() -> network.inputs(annotations, detections)));
    if (saved != null) {
      overwriting.allowed(saved);
    }
    if (report != null) {
      prepareReport(overwriting);
    }
    Measurement measured =
        console.show(json, overwriting, () -> measure(set), this::print, EvalCommand::write);
    if (report != null && measured.accuracy.isPresent()) {
      writeReport(measured, measured.accuracy.get());
    }
    return Main.DONE;
  }

  private void requireSense() {
    boolean ofModel = data != null || (images != null && annotations != null);
    boolean foreign = detections != null && annotations != null;
    if (data != null && (images != null || annotations != null || detections != null)) {
      throw new WrongUsage("-d tells where everything is; leave out the other files");
    }
    if (foreign && images != null) {
      throw new WrongUsage("--detections need no --images");
    }
    if (!ofModel && !foreign) {
      throw new WrongUsage(
          "Expected -d DATA, or --images with --annotations, or --detections with --annotations");
    }
    int _ = batch.size();
  }

  /** Makes the report's folder and checks its files before the work. */
  private void prepareReport(Overwriting overwriting) {
    for (String name :
        List.of(EvaluationReport.PAGE, EvaluationReport.JSON, EvaluationReport.CSV)) {
      overwriting.allowed(report.resolve(name));
    }
    NewFolder.made(report);
  }

  /** What a model is measured on; nothing for detections that were made elsewhere. */
  private Optional<Dataset> dataset() {
    if (detections != null) {
      return Optional.empty();
    }
    return Optional.of(
        data != null
            ? Dataset.open(data, split, lenient.faults())
            : new Dataset(GroundTruth.read(annotations, lenient.faults()), images));
  }

  private Measurement measure(Optional<Dataset> opened) {
    Optional<StageTimes> times = Optional.empty();
    Map<String, String> facts = new LinkedHashMap<>();
    Detections found;
    if (opened.isEmpty()) {
      GroundTruth truth = GroundTruth.read(annotations, lenient.faults());
      requireAnnotations(truth);
      found = Detections.read(detections, truth, lenient.faults());
    } else {
      Dataset set = opened.get();
      requireAnnotations(set.truth());
      Path weights = arguments.network().weights(console);
      DetectorOptions options =
          arguments
              .options(confidence, nms, console)
              .withClipping(false)
              .withAugmentation(augmented);
      try (Detector detector = Detector.open(weights, options)) {
        facts.put("Model", detector.spec().name());
        facts.put("Weights", weights.toString());
        facts.put("Engine", detector.engine());
        found = detect(detector, set, options.device());
        times = Optional.of(detector.times());
      }
    }
    if (saved != null) {
      found.write(saved);
    }
    lenient.summary().ifPresent(console.err()::println);
    facts.put("Ground truth", found.groundTruth().source());
    Optional<Accuracy> accuracy = Optional.empty();
    if (found.groundTruth().size() > 0) {
      accuracy = Optional.of(metric.measure(found));
    } else {
      console.tell(
          "%s has no annotations: there is nothing to compare with", found.groundTruth().source());
    }
    return new Measurement(found, accuracy, facts, opened.map(Dataset::images), times);
  }

  private void requireAnnotations(GroundTruth truth) {
    if (truth.size() == 0 && saved == null) {
      throw new YoloxException(
          "%s has no annotations to compare with; --save-detections writes what is found"
              .formatted(truth.source()));
    }
  }

  private void writeReport(Measurement measured, Accuracy accuracy) {
    new EvaluationReport(
            "Evaluation",
            measured.facts,
            accuracy,
            DetectionAnalysis.of(measured.found),
            measured.pictures)
        .write(report);
    console.tell("Report: %s", report.resolve(EvaluationReport.PAGE));
  }

  private Detections detect(Detector detector, Dataset set, ComputeDevice device) {
    int all = set.truth().images().size();
    try (Progress progress = Progress.of(console, "Evaluating", "images")) {
      return ModelDetections.detect(
          detector, set, Shard.ALL, device, batch.size(), done -> progress.update(done, all));
    }
  }

  private static void write(Measurement measured, JsonGenerator generator) throws IOException {
    generator.writeStartObject();
    if (measured.accuracy.isPresent()) {
      measured.accuracy.get().write(generator);
    }
    if (measured.times.isPresent()) {
      generator.writeObjectFieldStart("ms_per_image");
      for (StageTimes.Stage stage : StageTimes.Stage.values()) {
        generator.writeNumberField(
            stage.name().toLowerCase(Locale.ROOT),
            measured.times.get().millisecondsPerPicture(stage));
      }
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private void print(Measurement measured) {
    measured.accuracy.ifPresent(accuracy -> console.out().print(accuracy.table()));
    measured.times.ifPresent(
        times ->
            console.print(
                "%nThread time per image: %.1f ms preprocess, %.1f ms inference, %.1f ms"
                    + " postprocess",
                times.millisecondsPerPicture(StageTimes.Stage.PREPROCESS),
                times.millisecondsPerPicture(StageTimes.Stage.INFERENCE),
                times.millisecondsPerPicture(StageTimes.Stage.POSTPROCESS)));
  }
}
