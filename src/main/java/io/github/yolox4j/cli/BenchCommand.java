package io.github.yolox4j.cli;

import io.github.yolox4j.bench.Bench;
import io.github.yolox4j.bench.BenchJson;
import io.github.yolox4j.bench.BenchPlan;
import io.github.yolox4j.bench.BenchResult;
import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.report.BenchReport;
import io.github.yolox4j.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    description = {
      "Inference and training speed on this machine, with what limits it.",
      "The weights are random: speed does not depend on them."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: yolox bench -m s --threads 2",
      "         yolox bench -m s --device cuda --precision fp16,bf16,fp32 --batches --report speed"
    })
final class BenchCommand implements Callable<Integer> {

  private static final int MOST_SECONDS = 3600;
  private static final String PAGE = "report.html";

  private final Console console;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|FILE.yaml",
      defaultValue = "s",
      description = "The model (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      description = "Input size, multiples of 32 (default: the model's).")
  private String size;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      split = ",",
      description = "Which engines to compare (default: all).",
      completionCandidates = Choices.Engines.class)
  private List<EngineKind> engines = EngineKind.PROPER;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      split = ",",
      defaultValue = "fp32,bf16",
      description = "What they compute in (default: ${DEFAULT-VALUE}).")
  private List<Precision> precisions;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = {
        "How long each is measured with single pictures, and each batch",
        "(default: ${DEFAULT-VALUE})."
      })
  private double seconds;

  @Option(names = "--no-training", description = "Leave out the training steps.")
  private boolean inferenceOnly;

  @Option(
      names = "--batches",
      description = {
        "Measure inference and training at batch 1, 2, 4 and so on too: on a GPU to the",
        "largest that fits, on a processor while larger ones are faster; with the share of",
        "time in which the device is idle."
      })
  private boolean batches;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write the figures as JSON; - is standard output.")
  private String json;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write " + PAGE + " with tables and curves.")
  private Path report;

  @Mixin private ComputeOptions compute;
  @Mixin private ForceOption force;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
      throw new WrongUsage(
          "--seconds is %s; expected more than 0 and at most %d".formatted(seconds, MOST_SECONDS));
    }
    ModelSpec spec = ModelArgument.parse(model).spec();
    FileSet inputs = FileSet.of(OfficialModel.named(model).isPresent() ? null : Path.of(model));
    if (report != null) {
      force.except(inputs).allowed(report.resolve(PAGE));
      NewFolder.made(report);
    }
    BenchPlan plan =
        new BenchPlan(
            spec,
            size == null
                ? new InputSize(spec.inputHeight(), spec.inputWidth())
                : InputSize.parse(size),
            engines,
            precisions,
            compute.device(),
            seconds,
            !inferenceOnly,
            batches);
    BenchText text = new BenchText(console.out());
    console.show(json, force.except(inputs), () -> run(plan), text::print, BenchJson::write);
    return Main.DONE;
  }

  private BenchResult run(BenchPlan plan) {
    BenchResult result = Bench.run(plan, console::complain);
    if (report != null) {
      BenchReport.write(report.resolve(PAGE), result);
    }
    return result;
  }
}
