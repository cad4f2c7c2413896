package io.github.yolox4j.cli;

import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.export.ExportOptions;
import io.github.yolox4j.export.ExportTarget;
import io.github.yolox4j.export.Output;
import io.github.yolox4j.export.Shapes;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What an exported ONNX or TorchScript model takes and gives back. */
final class GraphArguments {

  private static final List<String> SUPPRESSION = List.of("--conf", "--iou", "--max-detections");

  /** These options alone. */
  @Spec private CommandSpec own;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--nms",
      description = "Suppress inside: the model gives boxes, scores, classes and counts.")
  private boolean suppressed;

  @Option(
      names = "--conf",
      paramLabel = "SCORE",
      description = "With --nms: least score, 0 to 1 (default: detect's).")
  private Float confidence;

  @Option(
      names = "--iou",
      paramLabel = "IOU",
      description = "With --nms: IoU above which the lower box is dropped (default: detect's).")
  private Float iou;

  @Option(
      names = "--max-detections",
      paramLabel = "N",
      description =
          "With --nms: the most detections of a picture (default: "
              + Output.Detections.DEFAULT_MAXIMUM
              + ").")
  private Integer maximum;

  @Option(names = "--raw", description = "Give box values as the network predicts them.")
  private boolean raw;

  @Option(
      names = "--dynamic",
      arity = "0..1",
      fallbackValue = "all",
      paramLabel = "WHAT",
      description = {
        "Take any batch and size; --dynamic=batch: any batch.",
        "TorchScript models always take both."
      })
  private String dynamic;

  @Mixin private SizeOption size;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description = "fp32 or fp16 (default: ${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--picture-input",
      description = "Take 8-bit pictures as they lie in memory, [batch, height, width, channels].")
  private boolean picture;

  @Option(
      names = "--legacy",
      description = "For weights older than release 0.1.1: RGB, normalised, inside the model.")
  private boolean legacy;

  @Option(names = "--keep-batch-norm", description = "ONNX only: do not fold BatchNorm.")
  private boolean normKept;

  @Mixin private ClassesOption classes;

  /** Refuses combinations that make no sense. */
  void requireSense(ExportTarget target) {
    if (!target.graph()) {
      refuse(
          own.options().stream().map(OptionSpec::longestName).toList(),
          "%s is for onnx and torchscript; " + target.key() + " holds weights alone");
    }
    if (!suppressed) {
      refuse(SUPPRESSION, "%s needs --nms");
    }
    if (suppressed && raw) {
      throw new WrongUsage("--raw and --nms exclude each other: suppression needs decoded boxes");
    }
    if (precision != Precision.FP32 && precision != Precision.FP16) {
      throw new WrongUsage(
          "--precision is %s; a model is exported in fp32 or fp16".formatted(precision.key()));
    }
    if (normKept && target != ExportTarget.ONNX) {
      throw new WrongUsage("--keep-batch-norm is for onnx; TorchScript models are frozen");
    }
    if (normKept && precision == Precision.FP16) {
      throw new WrongUsage(
          "--keep-batch-norm and fp16 exclude each other: its statistics need 32 bits");
    }
    ExportOptions _ = options();
  }

  private void refuse(List<String> options, String reason) {
    for (String option : options) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new WrongUsage(reason.formatted(option));
      }
    }
  }

  ExportOptions options() {
    return new ExportOptions(output(), shapes(), picture, precision == Precision.FP16);
  }

  InputScaling scaling() {
    return legacy ? InputScaling.LEGACY : InputScaling.NONE;
  }

  private Output output() {
    if (!suppressed) {
      return raw ? Output.RAW : Output.DECODED;
    }
    DetectorOptions defaults = DetectorOptions.DEFAULTS;
    return WrongUsage.unlessValid(
        () ->
            new Output.Detections(
                confidence == null ? defaults.confidence() : confidence,
                iou == null ? defaults.nms() : iou,
                maximum == null ? Output.Detections.DEFAULT_MAXIMUM : maximum));
  }

  private Shapes shapes() {
    return switch (dynamic) {
      case null -> Shapes.FIXED;
      case "all" -> Shapes.ANY;
      case "batch" -> Shapes.ANY_BATCH;
      default ->
          throw new WrongUsage("--dynamic is '%s'; expected all or batch".formatted(dynamic));
    };
  }

  boolean normKept() {
    return normKept;
  }

  /** The model of the size that was asked for. */
  ModelSpec sized(ModelSpec spec) {
    return size.applied(spec);
  }

  /** The names that were given, else those that the weights tell, else the usual ones. */
  List<String> classNames(Optional<List<String>> trained, int count) {
    return classes.names().or(() -> trained).orElseGet(() -> ClassNames.defaults(count));
  }

  /** The file of class names, if one was given, else null. */
  Path classFile() {
    return classes.file();
  }
}
