package io.github.yolox4j.bench;

import io.github.yolox4j.bench.SpeedByBatch.Work;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Measures a model on this machine: engines against each other, detection, training, batches. */
public final class Bench {

  private final BenchPlan plan;
  private final FoldedNetwork network;
  private final Consumer<String> notices;

  private Bench(BenchPlan plan, Consumer<String> notices) {
    this.plan = plan;
    this.notices = notices;
    network = FoldedNetwork.random(plan.spec(), 1);
  }

  /**
   * Measures.
   *
   * @param plan what
   * @param notices is told in one sentence about what cannot run here
   * @return the figures
   */
  public static BenchResult run(BenchPlan plan, Consumer<String> notices) {
    return new Bench(plan, notices).run();
  }

  private BenchResult run() {
    EngineBench.Result engines =
        new EngineBench(network, plan.size(), plan.seconds(), notices)
            .run(plan.engines(), plan.precisions(), plan.device());
    return new BenchResult(
        Machine.describe(plan.device()),
        network.network(),
        plan.size(),
        engines.peakGigaflops(),
        engines.engines(),
        detector(engines.engines()),
        training(),
        plan.batches() ? batches() : List.of());
  }

  private Optional<DetectorSpeed> detector(List<EngineSpeed> engines) {
    return engines.stream()
        .filter(speed -> speed.precision() == Precision.FP32)
        .min(Comparator.comparingDouble(EngineSpeed::medianMilliseconds))
        .map(
            fastest ->
                DetectorSpeed.measure(
                    network, plan.size(), fastest.kind(), plan.device(), plan.seconds()));
  }

  private Optional<TrainingSpeed> training() {
    if (!plan.training()) {
      return Optional.empty();
    }
    try (Workload steps = training(Precision.FP32)) {
      return Optional.of(TrainingSpeed.measure(steps, plan.seconds()));
    }
  }

  private Workload training(Precision precision) {
    return new TrainingSteps(plan.spec(), plan.size(), plan.device(), precision);
  }

  private Workload inference(Precision precision) {
    return new InferenceRuns(network, plan.size(), plan.device(), precision, notices);
  }

  private List<SpeedByBatch> batches() {
    List<SpeedByBatch> all = new ArrayList<>();
    for (Precision precision : plan.precisions()) {
      byBatch(Work.INFERENCE, precision, () -> inference(precision)).ifPresent(all::add);
    }
    for (Precision precision : plan.training() ? plan.precisions() : List.<Precision>of()) {
      byBatch(Work.TRAINING, precision, () -> training(precision)).ifPresent(all::add);
    }
    return all;
  }

  /** Empty where not even one picture can be computed, which is no reason to lose the rest. */
  private Optional<SpeedByBatch> byBatch(
      Work work, Precision precision, Supplier<Workload> workloads) {
    ComputeDevice device = plan.device();
    try (Workload workload = workloads.get()) {
      return Optional.of(SpeedByBatch.measure(work, precision, workload, device, plan.seconds()));
    } catch (RuntimeException e) {
      notices.accept(
          "%s in %s is left out: %s".formatted(work, precision.key(), LibTorch.firstLine(e)));
      return Optional.empty();
    }
  }
}
