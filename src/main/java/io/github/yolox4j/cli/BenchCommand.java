package io.github.yolox4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.yolox4j.bench.DetectorSpeed;
import io.github.yolox4j.bench.EngineBench;
import io.github.yolox4j.bench.EngineSpeed;
import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.files.TextOutput;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.proof.Stopwatch;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.train.TrainingSpeed;
import io.github.yolox4j.weights.FoldedNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "bench",
    description = {
      "Inference and training speed on this machine, with what limits it.",
      "The weights are random: speed does not depend on them."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox bench -m s --threads 2"})
final class BenchCommand implements Callable<Integer> {

  private static final double MEBI = 1 << 20;
  private static final int SMALL_BATCH = 2;
  private static final int LEAST_ROUNDS = 2;
  private static final String DEFAULT_MODEL = "s";
  private static final int DEFAULT_SECONDS = 5;
  private static final int MOST_SECONDS = 3600;

  private final Console console;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|FILE.yaml",
      description = "The model (default: " + DEFAULT_MODEL + ").")
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
      defaultValue = "torch,torch-fused,onednn",
      description = "Which engines to compare (default: ${DEFAULT-VALUE}).",
      completionCandidates = EngineKinds.class)
  private List<EngineKind> engines;

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
      description = {
        "How long each is measured with single pictures (default: " + DEFAULT_SECONDS + "),",
        "or each batch of the proof (default: " + ProofOptions.SECONDS + ")."
      })
  private Double chosenSeconds;

  @Option(names = "--no-training", description = "Leave out the training steps.")
  private boolean inferenceOnly;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write the figures as JSON; - is standard output.")
  private String json;

  @ArgGroup(exclusive = false, heading = "%nThe proof of a GPU:%n", order = 100)
  private ProofOptions proof;

  @Mixin private ComputeOptions compute;
  @Mixin private ForceOption force;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (chosenSeconds != null && !(chosenSeconds > 0 && chosenSeconds <= MOST_SECONDS)) {
      throw new WrongUsage(
          "--seconds is %s; expected more than 0 and at most %d"
              .formatted(chosenSeconds, MOST_SECONDS));
    }
    if (proof != null && proof.requested()) {
      return proof.run(
          console,
          compute.gpuUnlessNamed(),
          Optional.ofNullable(model).map(BenchCommand::official),
          Optional.ofNullable(chosenSeconds));
    }
    double seconds = chosenSeconds == null ? DEFAULT_SECONDS : chosenSeconds;
    ModelSpec spec = ModelArgument.parse(model == null ? DEFAULT_MODEL : model).spec();
    InputSize input =
        size == null ? new InputSize(spec.inputHeight(), spec.inputWidth()) : InputSize.parse(size);
    ComputeDevice device = compute.device();
    FoldedNetwork network = FoldedNetwork.random(spec, 1);
    EngineBench.Result result =
        new EngineBench(
                network,
                input.height(),
                input.width(),
                seconds,
                notice -> console.err().println("yolox: " + notice))
            .run(engines, precisions, device);
    Optional<EngineSpeed> fastest =
        result.engines().stream()
            .filter(speed -> speed.precision() == Precision.FP32)
            .min(Comparator.comparingDouble(EngineSpeed::medianMilliseconds));
    Optional<DetectorSpeed> whole =
        fastest.map(speed -> DetectorSpeed.measure(network, input, speed.kind(), device, seconds));
    OptionalDouble trained =
        inferenceOnly
            ? OptionalDouble.empty()
            : OptionalDouble.of(trainingSpeed(spec, input, device, seconds));
    if (!Console.STANDARD_OUTPUT.equals(json)) {
      print(network.network(), input, result, whole, trained);
    }
    if (json != null) {
      write(network.network(), input, result, whole, trained);
    }
    return Main.DONE;
  }

  /** Pictures per second of the median step, without the first. */
  private static double trainingSpeed(
      ModelSpec spec, InputSize input, ComputeDevice device, double seconds) {
    try (TrainingSpeed speed =
        new TrainingSpeed(spec, input.height(), input.width(), device, Precision.FP32)) {
      int steps = TrainingSpeed.stepsAhead(device);
      Stopwatch watch = new Stopwatch();
      try (TrainingSpeed.Batch batch = speed.batch(SMALL_BATCH)) {
        speed.train(batch, 1);
        watch.measure(() -> speed.train(batch, steps), seconds, LEAST_ROUNDS);
      }
      return SMALL_BATCH * steps * 1e3 / watch.quantile(0.5);
    }
  }

  private void print(
      Network network,
      InputSize input,
      EngineBench.Result result,
      Optional<DetectorSpeed> whole,
      OptionalDouble trained) {
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s at %s, %.2f GFLOPs per picture; %d threads; %.1f GFLOP/s in a matrix product%n",
            network.spec().name(),
            input,
            gflops(network, input),
            IntraOpThreads.count(),
            result.peakGigaflops());
    console
        .out()
        .printf(
            Locale.ROOT,
            "%-12s %-9s %10s %10s %8s %13s %9s %8s %10s%n",
            "engine",
            "precision",
            "median ms",
            "90 % ms",
            "GFLOP/s",
            "of the peak",
            "images/s",
            "batch",
            "ready");
    for (EngineSpeed speed : result.engines()) {
      console
          .out()
          .printf(
              Locale.ROOT,
              "%-12s %-9s %10.2f %10.2f %8.1f %11.0f %% %9.1f %8d %7.2f s, %.0f MiB%n",
              speed.kind().key(),
              speed.precision().key(),
              speed.medianMilliseconds(),
              speed.slowMilliseconds(),
              speed.gigaflops(),
              share(speed, result),
              speed.imagesPerSecond(),
              speed.bestBatch(),
              speed.readySeconds(),
              speed.memoryBytes() / MEBI);
    }
    whole.ifPresent(
        speed ->
            console
                .out()
                .printf(
                    Locale.ROOT,
                    "A picture of %dx%d with %s: %.2f ms, of which %.2f fitting, %.2f network, %.2f"
                        + " boxes: %s%n",
                    DetectorSpeed.WIDTH,
                    DetectorSpeed.HEIGHT,
                    speed.kind().key(),
                    speed.totalMilliseconds(),
                    speed.preprocessMilliseconds(),
                    speed.networkMilliseconds(),
                    speed.postprocessMilliseconds(),
                    limit(speed, result)));
    trained.ifPresent(
        rate ->
            console
                .out()
                .printf(
                    Locale.ROOT, "Training in fp32, batch %d: %.2f images/s%n", SMALL_BATCH, rate));
  }

  /** What would have to be faster for detection to be faster. */
  private static String limit(DetectorSpeed whole, EngineBench.Result result) {
    double network = whole.networkMilliseconds() / whole.totalMilliseconds();
    if (network < 0.8) {
      return "limited by what is around the network";
    }
    return result.engines().stream()
                .filter(
                    speed -> speed.kind() == whole.kind() && speed.precision() == Precision.FP32)
                .mapToDouble(speed -> share(speed, result))
                .findFirst()
                .orElse(0)
            > 50
        ? "limited by the processor's arithmetic"
        : "limited by memory and small layers";
  }

  private static double share(EngineSpeed speed, EngineBench.Result result) {
    return 100 * speed.gigaflops() / result.peakGigaflops();
  }

  private static double gflops(Network network, InputSize input) {
    return network.flops(input.height(), input.width()) / 1e9;
  }

  private void write(
      Network network,
      InputSize input,
      EngineBench.Result result,
      Optional<DetectorSpeed> whole,
      OptionalDouble trained) {
    boolean file = model != null && OfficialModel.named(model).isEmpty();
    FileSet inputs = FileSet.of(file ? Path.of(model) : null);
    try (TextOutput output = console.open(json, force.except(inputs))) {
      output.json(
          generator -> {
            generator.writeStartObject();
            generator.writeStringField("model", network.spec().name());
            generator.writeNumberField("height", input.height());
            generator.writeNumberField("width", input.width());
            generator.writeNumberField("gflops", rounded(gflops(network, input)));
            generator.writeNumberField("threads", IntraOpThreads.count());
            generator.writeNumberField("peak_gflops_per_s", rounded(result.peakGigaflops()));
            generator.writeArrayFieldStart("engines");
            for (EngineSpeed speed : result.engines()) {
              write(speed, generator);
            }
            generator.writeEndArray();
            if (whole.isPresent()) {
              write(whole.get(), generator);
            }
            if (trained.isPresent()) {
              generator.writeObjectFieldStart("training");
              generator.writeNumberField("batch", SMALL_BATCH);
              generator.writeNumberField("images_per_s", rounded(trained.getAsDouble()));
              generator.writeEndObject();
            }
            generator.writeEndObject();
          });
      output.finish();
    }
  }

  private static OfficialModel official(String name) {
    return OfficialModel.named(name)
        .orElseThrow(
            () ->
                new WrongUsage(
                    "--gpu-proof is of the official models; %s is none".formatted(name)));
  }

  private static void write(EngineSpeed speed, JsonGenerator generator) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("engine", speed.kind().key());
    generator.writeStringField("precision", speed.precision().key());
    generator.writeNumberField("median_ms", rounded(speed.medianMilliseconds()));
    generator.writeNumberField("p90_ms", rounded(speed.slowMilliseconds()));
    generator.writeNumberField("gflops_per_s", rounded(speed.gigaflops()));
    generator.writeNumberField("images_per_s", rounded(speed.imagesPerSecond()));
    generator.writeNumberField("best_batch", speed.bestBatch());
    generator.writeNumberField("ready_s", rounded(speed.readySeconds()));
    generator.writeNumberField("memory_mib", rounded(speed.memoryBytes() / MEBI));
    generator.writeEndObject();
  }

  private static void write(DetectorSpeed speed, JsonGenerator generator) throws IOException {
    generator.writeObjectFieldStart("detector");
    generator.writeStringField("engine", speed.kind().key());
    generator.writeNumberField("preprocess_ms", rounded(speed.preprocessMilliseconds()));
    generator.writeNumberField("network_ms", rounded(speed.networkMilliseconds()));
    generator.writeNumberField("postprocess_ms", rounded(speed.postprocessMilliseconds()));
    generator.writeEndObject();
  }

  private static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
