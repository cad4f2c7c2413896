package io.github.yolox4j.cli;

import io.github.yolox4j.files.NewFolder;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.proof.GpuProof;
import io.github.yolox4j.proof.Outcome;
import io.github.yolox4j.proof.ProofResult;
import io.github.yolox4j.proof.ReferenceFigures;
import io.github.yolox4j.proof.Slice;
import io.github.yolox4j.proof.Subject;
import io.github.yolox4j.report.ProofReport;
import io.github.yolox4j.tensor.ComputeDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** What {@code bench --gpu-proof} is asked for, and its running. */
final class ProofOptions {

  private static final double MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** The order in which people want to know about the models. */
  private static final List<OfficialModel> MODELS =
      List.of(OfficialModel.S, OfficialModel.NANO, OfficialModel.M, OfficialModel.L);

  /** How long a batch is measured unless it is said. */
  static final double SECONDS = 0.5;

  @Option(
      names = "--gpu-proof",
      required = true,
      description = {
        "Checks that the device computes what it should, and measures training and",
        "inference by batch, models s, nano, m, l unless -m names one. Results are",
        "written one by one; the same command goes on where it was stopped."
      })
  private boolean requested;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "Where the proof's results go: proof.json and a page, proof.html.")
  private Path folder;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      completionCandidates = ProofSlices.class,
      description = {
        "Only these parts of the proof: ${COMPLETION-CANDIDATES}.",
        "What failed in them before is tried again."
      })
  private Set<Slice> only = Set.of();

  @Option(
      names = "--max-minutes",
      paramLabel = "N",
      description = "Begin nothing of the proof after so many minutes.")
  private Double minutes;

  @Option(
      names = "--golden",
      paramLabel = "DIR",
      description = "Figures of the reference; what is compared with them is skipped without.")
  private Path golden;

  /** Whether the proof is asked for, as all its other options demand. */
  boolean requested() {
    return requested;
  }

  /** Runs the proof; empty {@code model} or {@code seconds} are the proof's own. */
  int run(
      Console console,
      ComputeDevice device,
      Optional<OfficialModel> model,
      Optional<Double> seconds) {
    if (minutes != null && !(minutes > 0)) {
      throw new WrongUsage("--max-minutes is %s; expected more than 0".formatted(minutes));
    }
    Subject subject =
        new Subject(
            device,
            model.map(List::of).orElse(MODELS),
            Optional.ofNullable(golden).map(ReferenceFigures::new),
            Optional.of(DemoWeights.file()).filter(Files::exists),
            seconds.orElse(SECONDS),
            folder.resolve("scratch"));
    NewFolder.made(subject.scratch());
    GpuProof proof = GpuProof.open(subject, folder, Version.text());
    Path page = folder.resolve("proof.html");
    Duration most =
        minutes == null ? Duration.ofDays(1) : Duration.ofNanos((long) (minutes * MINUTE));
    boolean finished =
        proof.run(
            only,
            most,
            result -> {
              print(console, result);
              ProofReport.write(page, proof.results());
            });
    ProofReport.write(page, proof.results());
    long failed = proof.results().count(Outcome.FAILED);
    console
        .out()
        .printf(
            "%d passed, %d failed, %d measured, %d skipped: %s%n",
            proof.results().count(Outcome.PASSED),
            failed,
            proof.results().count(Outcome.MEASURED),
            proof.results().count(Outcome.SKIPPED),
            page);
    if (!finished) {
      console.out().println("The time is over; the same command goes on");
    }
    return failed == 0 ? Main.DONE : Main.FAILED;
  }

  private static void print(Console console, ProofResult result) {
    console
        .out()
        .printf(
            Locale.ROOT,
            "%-8s %s: %s (%.1f s)%n",
            result.outcome(),
            result.name(),
            result.says(),
            result.seconds());
  }
}
