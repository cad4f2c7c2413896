package io.github.yolox4j.cli;

import io.github.yolox4j.detect.ClassNames;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.image.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds objects in pictures and videos. */
@Command(
    name = "detect",
    description = "Finds objects in pictures and videos.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Options come before --, and after it only sources, which may then begin with -.",
      "",
      "Example: yolox detect street.jpg -w yolox_s.pth --save found",
      "         yolox detect photos/ -w yolox_nano.pth --json found.json"
    })
final class DetectCommand implements Callable<Integer>, Verbose {

  private final Console console;

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

  @Option(
      names = "--classes",
      paramLabel = "NAMES.txt",
      description = "A class name per line (default: COCO's for 80 classes).")
  private Path classes;

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

  @Mixin private Overwriting overwriting;

  @Option(names = "--verbose", description = "Show where a failure comes from, and timings.")
  private boolean verbose;

  DetectCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean verbose() {
    return verbose;
  }

  @Override
  public Integer call() throws InterruptedException {
    requireSense();
    List<Source> sources = Source.expand(arguments);
    Path weights = detectorArguments.network().weights(console);
    long start = System.nanoTime();
    try (Interruption interruption = new Interruption();
        ResultWriter writer = new ResultWriter(sinks(sources, weights));
        Prefetch frames = new Prefetch(new FrameReader(sources));
        Detector detector = Detector.open(weights, options())) {
      trace("opened %s", detector.spec().name() + " with " + detector.engine(), start);
      try (Progress progress = progress(sources)) {
        Tally tally = detectAll(frames, detector, writer, progress, interruption, total(sources));
        writer.finish();
        if (tally.pictures + tally.failures > 1) {
          summarise(tally, start);
        }
        return tally.failures == 0 ? Main.DONE : Main.FAILED;
      }
    }
  }

  /** How many pictures there are: -1 with a video, whose frames nobody has counted. */
  private static int total(List<Source> sources) {
    return sources.stream().anyMatch(Source.Video.class::isInstance) ? -1 : sources.size();
  }

  private void requireSense() {
    int _ = batch.size();
    if (json == null || csv == null) {
      return;
    }
    if (TextOutput.STANDARD_OUTPUT.equals(json) && TextOutput.STANDARD_OUTPUT.equals(csv)) {
      throw new WrongUsage("--json and --csv cannot both go to standard output");
    }
    if (Path.of(json)
        .toAbsolutePath()
        .normalize()
        .equals(Path.of(csv).toAbsolutePath().normalize())) {
      throw new WrongUsage("--json and --csv cannot both go to %s".formatted(json));
    }
  }

  private DetectorOptions options() {
    DetectorOptions options =
        detectorArguments.options(confidence, nms, console).withAgnostic(agnostic);
    return classes == null ? options : options.withClassNames(ClassNames.read(classes));
  }

  private List<ResultSink> sinks(List<Source> sources, Path weights) {
    InputFiles inputs = detectorArguments.network().inputs(weights, classes);
    sources.forEach(source -> source.file().ifPresent(inputs::add));
    List<ResultSink> sinks = new ArrayList<>();
    try {
      if (json != null) {
        sinks.add(new JsonSink(TextOutput.open(json, console, overwriting, inputs)));
      }
      if (csv != null) {
        sinks.add(new CsvSink(TextOutput.open(csv, console, overwriting, inputs)));
      }
      if (!TextOutput.STANDARD_OUTPUT.equals(json) && !TextOutput.STANDARD_OUTPUT.equals(csv)) {
        sinks.add(new ConsoleSink(console));
      }
      if (text != null) {
        sinks.add(new YoloTextSink(new OutputFolder(text, sources, overwriting, inputs), sources));
      }
      if (save != null) {
        sinks.add(new PaintedSink(new OutputFolder(save, sources, overwriting, inputs), sources));
      }
      return sinks;
    } catch (RuntimeException e) {
      try {
        ResultSink.closeAll(sinks);
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Counts what was done. */
  private static final class Tally {
    private long pictures;
    private long failures;
    private long detecting;
  }

  private Tally detectAll(
      Prefetch frames,
      Detector detector,
      ResultWriter writer,
      Progress progress,
      Interruption interruption,
      int total)
      throws InterruptedException {
    Tally tally = new Tally();
    List<Frame.Decoded> waiting = new ArrayList<>();
    try {
      for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
        switch (frame) {
          case Frame.Unreadable unreadable -> {
            console.err().println("yolox: " + unreadable.reason().getMessage());
            tally.failures++;
          }
          case Frame.Decoded decoded -> waiting.add(decoded);
        }
        if (waiting.size() >= batch.size() || !frames.ready()) {
          detect(waiting, detector, writer, tally);
          progress.update(tally.pictures + tally.failures, total);
        }
        if (interruption.requested()) {
          break;
        }
      }
      detect(waiting, detector, writer, tally);
      return tally;
    } finally {
      waiting.forEach(Frame::close);
    }
  }

  private void detect(
      List<Frame.Decoded> waiting, Detector detector, ResultWriter writer, Tally tally)
      throws InterruptedException {
    if (waiting.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    List<Picture> pictures = waiting.stream().map(Frame.Decoded::picture).toList();
    List<List<Detection>> results = detector.detect(pictures);
    tally.detecting += System.nanoTime() - start;
    trace("detected in %d pictures", pictures.size(), start);
    tally.pictures += pictures.size();
    for (List<Detection> detections : results) {
      writer.write(waiting.removeFirst(), detections);
    }
  }

  private Progress progress(List<Source> sources) {
    boolean many = sources.size() > 1 || sources.getFirst() instanceof Source.Video;
    return many && (json != null || csv != null || save != null || text != null)
        ? Progress.of(console, "Detecting", "images")
        : Progress.NONE;
  }

  private void summarise(Tally tally, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    console
        .err()
        .printf(
            Locale.ROOT,
            "%d images in %.2f s (%.1f images/s), %.1f ms each in the detector%s%n",
            tally.pictures,
            seconds,
            tally.pictures / seconds,
            tally.detecting / 1e6 / Math.max(1, tally.pictures),
            tally.failures == 0 ? "" : ", " + tally.failures + " not read");
  }

  private void trace(String what, Object argument, long start) {
    if (verbose) {
      console
          .err()
          .printf(
              Locale.ROOT,
              "%s: %.1f ms%n",
              what.formatted(argument),
              (System.nanoTime() - start) / 1e6);
    }
  }
}
