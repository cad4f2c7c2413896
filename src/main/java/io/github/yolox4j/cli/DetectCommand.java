package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.files.FileSet;
import io.github.yolox4j.stream.DetectionJob;
import io.github.yolox4j.stream.DetectionStream;
import io.github.yolox4j.stream.DetectionSummary;
import io.github.yolox4j.stream.SinkFactory;
import io.github.yolox4j.stream.Sinks;
import io.github.yolox4j.stream.Source;
import io.github.yolox4j.stream.StreamMonitor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds objects in pictures and videos. */
@Command(
    description = "Finds objects in pictures and videos.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Options come before --, and after it only sources, which may then begin with -.",
      "",
      "Example: yolox detect street.jpg -w yolox_s.pth --save found",
      "         yolox detect photos/ -w yolox_nano.pth --json found.json"
    })
final class DetectCommand implements Callable<Integer> {

  /** Up to so many pictures a fast start is worth more than a fast computation, even with s. */
  private static final int FEW = 128;

  private final Console console;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "SOURCE",
      description = "Picture, folder, glob, video file, camera:N or stream address.")
  private List<String> arguments;

  @Mixin private DetectorArguments detectorArguments;

  @Option(
      names = "--conf",
      paramLabel = "SCORE",
      defaultValue = "0.3",
      description = "Least score, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--nms",
      paramLabel = "IOU",
      defaultValue = "0.45",
      description = "IoU above which the lower box is dropped (default: ${DEFAULT-VALUE}).")
  private double nms;

  @Option(names = "--agnostic", description = "Let boxes of different classes suppress each other.")
  private boolean agnostic;

  @Mixin private ClassesOption classes;
  @Mixin private BatchOption batch;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Save pictures and videos with the objects drawn in.")
  private Path save;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write the objects as JSON; - is standard output.")
  private String json;

  @Option(
      names = "--csv",
      paramLabel = "FILE|-",
      description = "Write the objects as CSV; - is standard output.")
  private String csv;

  @Option(
      names = "--txt",
      paramLabel = "DIR",
      description = "Write a text file per picture in YOLO's format.")
  private Path text;

  @Mixin private ForceOption force;

  @Option(names = Main.VERBOSE, description = "Show where a failure comes from, and timings.")
  private boolean verbose;

  DetectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    requireSense();
    List<Source> sources = sources();
    if (lasting(sources)) {
      OwnCommand.restartWithVectors(spec.root().commandLine().getParseResult().originalArgs());
    }
    Path weights = detectorArguments.network().weights(console);
    DetectionJob job =
        new DetectionJob(sources, sinks(), batch.size(), force.except(inputs(sources, weights)));
    long start = System.nanoTime();
    try (Interruption interruption = new Interruption();
        DetectionStream stream = job.open();
        Detector detector = Detector.open(weights, options())) {
      trace("opened %s with %s", start, detector.spec().name(), detector.engine());
      try (Progress progress = progress(sources)) {
        DetectionSummary found = stream.run(detector, monitor(progress, interruption));
        if (found.pictures() + found.unreadable().size() > 1) {
          summarise(found, start);
        }
        return found.unreadable().isEmpty() ? Main.DONE : Main.FAILED;
      }
    }
  }

  private void requireSense() {
    int _ = batch.size();
    if (json == null || csv == null) {
      return;
    }
    if (Console.STANDARD_OUTPUT.equals(json) && Console.STANDARD_OUTPUT.equals(csv)) {
      throw new WrongUsage("--json and --csv cannot both go to standard output");
    }
    if (Path.of(json)
        .toAbsolutePath()
        .normalize()
        .equals(Path.of(csv).toAbsolutePath().normalize())) {
      throw new WrongUsage("--json and --csv cannot both go to %s".formatted(json));
    }
  }

  private List<Source> sources() {
    try {
      return Source.find(arguments);
    } catch (YoloxException e) {
      throw e.getCause() instanceof PatternSyntaxException ? new WrongUsage(e.getMessage()) : e;
    }
  }

  /** Whether what starts slowly and then computes fast pays. */
  private static boolean lasting(List<Source> sources) {
    return sources.size() > FEW || sources.stream().anyMatch(Source.Video.class::isInstance);
  }

  private FileSet inputs(List<Source> sources, Path weights) {
    FileSet inputs = detectorArguments.network().inputs(weights, classes.file());
    sources.forEach(source -> source.file().ifPresent(inputs::add));
    return inputs;
  }

  private DetectorOptions options() {
    DetectorOptions options =
        detectorArguments.options(confidence, nms, console).withAgnostic(agnostic);
    return classes.names().map(options::withClassNames).orElse(options);
  }

  private List<SinkFactory> sinks() {
    List<SinkFactory> sinks = new ArrayList<>();
    if (json != null) {
      sinks.add((_, overwriting) -> Sinks.json(console.open(json, overwriting)));
    }
    if (csv != null) {
      sinks.add((_, overwriting) -> Sinks.csv(console.open(csv, overwriting)));
    }
    if (!Console.STANDARD_OUTPUT.equals(json) && !Console.STANDARD_OUTPUT.equals(csv)) {
      sinks.add((_, _) -> new ConsoleSink(console));
    }
    if (text != null) {
      sinks.add(Sinks.yoloText(text));
    }
    if (save != null) {
      sinks.add(Sinks.drawn(save));
    }
    return sinks;
  }

  /** Tells of the work on standard error, and ends it when the process is asked to. */
  private StreamMonitor monitor(Progress progress, Interruption interruption) {
    return new StreamMonitor() {
      @Override
      public void progress(long done, long total) {
        progress.update(done, total);
      }

      @Override
      public void detected(int pictures, Duration time) {
        trace("detected in %d pictures", System.nanoTime() - time.toNanos(), pictures);
      }

      @Override
      public void unreadable(Source source, YoloxException reason) {
        console.complain(reason.getMessage());
      }

      @Override
      public boolean cancelled() {
        return interruption.requested();
      }
    };
  }

  private Progress progress(List<Source> sources) {
    boolean many = sources.size() > 1 || sources.getFirst() instanceof Source.Video;
    return many && (json != null || csv != null || save != null || text != null)
        ? Progress.of(console, "Detecting", "images")
        : Progress.NONE;
  }

  private void summarise(DetectionSummary found, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    console.tell(
        "%d images in %.2f s (%.1f images/s), %.1f ms each in the detector%s",
        found.pictures(),
        seconds,
        found.pictures() / seconds,
        found.detecting().toNanos() / 1e6 / Math.max(1, found.pictures()),
        found.unreadable().isEmpty() ? "" : ", " + found.unreadable().size() + " not read");
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void trace(String what, long start, Object... values) {
    if (verbose) {
      console.tell("%s: %.1f ms", what.formatted(values), (System.nanoTime() - start) / 1e6);
    }
  }
}
