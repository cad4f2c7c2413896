package io.github.yolox4j.proof;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.tensor.LibTorch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Shows that a device computes what it should, and how fast, in items whose results are written one
 * by one: a proof that was stopped, or that ended its process, goes on with the next item.
 */
public final class GpuProof {

  private static final String RESULTS = "proof.json";

  /** In libtorch's messages about what a GPU does not recover from. */
  private static final String CUDA_ERROR = "CUDA error";

  private final Subject subject;
  private final ProofFile file;
  private ProofRecord all;

  private GpuProof(Subject subject, ProofFile file, ProofRecord all) {
    this.subject = subject;
    this.file = file;
    this.all = all;
  }

  /**
   * Names the file with the results of a folder.
   *
   * @param folder the folder
   * @return its JSON file
   */
  public static Path results(Path folder) {
    return folder.resolve(RESULTS);
  }

  /**
   * Begins a proof, or goes on with one.
   *
   * @param subject what is examined with what
   * @param folder where the results are, or will be
   * @param version this program's version, of which the results are
   * @return the proof
   * @throws YoloxException if the folder has results of another machine or version, or the device
   *     cannot be used
   */
  public static GpuProof open(Subject subject, Path folder, String version) {
    Map<String, String> machine = Machine.describe(subject.device(), version);
    ProofFile file = new ProofFile(results(folder));
    ProofRecord all = file.read().orElseGet(() -> new ProofRecord(machine, List.of()));
    for (String fact : Machine.DECISIVE) {
      String before = all.machine().get(fact);
      String now = machine.get(fact);
      if (!Objects.equals(now, before)) {
        throw new YoloxException(
            "%s has results with %s %s; here it is %s: expected another folder"
                .formatted(results(folder), fact, before, now));
      }
    }
    return new GpuProof(subject, file, all);
  }

  /**
   * Finds out what is not known yet. What failed is tried again where its slice is asked for by
   * name.
   *
   * @param only the slices that are asked for by name; empty for all
   * @param most after how much time no item is begun
   * @param told is given each new result
   * @return whether everything that was asked for is known
   * @throws YoloxException if the results cannot be written
   */
  public boolean run(Set<Slice> only, Duration most, Consumer<ProofResult> told) {
    long end = System.nanoTime() + most.toNanos();
    for (Slice slice : Slice.values()) {
      if (!only.isEmpty() && !only.contains(slice)) {
        continue;
      }
      for (Item item : slice.items(subject)) {
        if (known(slice, item, only.contains(slice))) {
          continue;
        }
        if (System.nanoTime() > end) {
          return false;
        }
        told.accept(find(slice, item));
      }
    }
    return true;
  }

  private boolean known(Slice slice, Item item, boolean named) {
    return all.find(slice, item.name())
        .map(result -> !(named && result.outcome() == Outcome.FAILED))
        .orElse(false);
  }

  private ProofResult find(Slice slice, Item item) {
    keep(slice, item, new Finding(Outcome.BEGUN, "it has begun", Map.of()), 0);
    long start = System.nanoTime();
    Finding finding;
    try {
      finding = item.work().get();
    } catch (RuntimeException | LinkageError e) {
      finding = new Finding(Outcome.FAILED, LibTorch.firstLine(e), Map.of());
    }
    double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1e3;
    ProofResult result = keep(slice, item, finding, seconds);
    if (finding.outcome() == Outcome.FAILED && finding.says().contains(CUDA_ERROR)) {
      throw new YoloxException(
          "%s: %s; a GPU does nothing more for a process in which this happened: the same command"
                  .formatted(result.name(), finding.says())
              + " goes on with the rest");
    }
    subject.device().releaseMemory();
    return result;
  }

  private ProofResult keep(Slice slice, Item item, Finding finding, double seconds) {
    ProofResult result =
        new ProofResult(
            slice,
            item.name(),
            finding.outcome(),
            finding.says(),
            seconds,
            finding.figures(),
            finding.speeds());
    all = all.with(result);
    file.write(all);
    return result;
  }

  /**
   * Returns all results so far.
   *
   * @return those of earlier runs too
   */
  public ProofRecord results() {
    return all;
  }
}
