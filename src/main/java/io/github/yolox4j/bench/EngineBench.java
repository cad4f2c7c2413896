package io.github.yolox4j.bench;

import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.engine.InferenceRequest;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.ResidentMemory;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures engines against each other: they take turns, so that whatever else the machine does
 * meanwhile falls on all alike.
 */
final class EngineBench {

  private static final List<Integer> BATCHES = List.of(2, 4, 8);
  private static final int ROUNDS = 5;
  private static final double WARM_UP_SHARE = 0.5;

  private final FoldedNetwork network;
  private final InputSize size;
  private final double seconds;
  private final Consumer<String> notices;
  private final List<Contestant> contestants = new ArrayList<>();

  /** {@code seconds} is how long each engine is measured with single pictures. */
  EngineBench(FoldedNetwork network, InputSize size, double seconds, Consumer<String> notices) {
    this.network = network;
    this.size = size;
    this.seconds = seconds;
    this.notices = notices;
  }

  /**
   * What was measured.
   *
   * @param engines a line for each engine and precision that can run
   * @param peakGigaflops 10^9 operations per second in a product of matrices, in the same run
   */
  record Result(List<EngineSpeed> engines, double peakGigaflops) {}

  /** An open engine and its times. */
  private final class Contestant implements AutoCloseable {
    private final EngineKind kind;
    private final Precision precision;
    private final Engine engine;
    private final Stopwatch single = new Stopwatch();
    private final Map<Integer, Stopwatch> batches = new LinkedHashMap<>();
    private double readySeconds;
    private long memoryBytes;

    Contestant(EngineKind kind, Precision precision, Engine engine) {
      this.kind = kind;
      this.precision = precision;
      this.engine = engine;
    }

    /** Runs for so long, at least once. */
    void run(int batch, double duration, Stopwatch watch) {
      watch.measure(() -> request(engine, batch), duration, 1);
    }

    EngineSpeed speed() {
      double median = single.quantile(0.5);
      int bestBatch = 1;
      double most = 1e3 / median;
      for (Map.Entry<Integer, Stopwatch> entry : batches.entrySet()) {
        double perSecond = 1e3 * entry.getKey() / entry.getValue().quantile(0.5);
        if (perSecond > most) {
          most = perSecond;
          bestBatch = entry.getKey();
        }
      }
      return new EngineSpeed(
          kind,
          precision,
          readySeconds,
          memoryBytes,
          median,
          single.quantile(0.9),
          bestBatch,
          most,
          network.network().flops(size.height(), size.width()) / 1e6 / median);
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  /** Measures each that can run, precision by precision. */
  Result run(List<EngineKind> kinds, List<Precision> precisions, ComputeDevice device) {
    try (MatrixPeak peak = new MatrixPeak(IntraOpThreads.count())) {
      for (Precision precision : precisions) {
        for (EngineKind kind : kinds) {
          open(kind, precision, device);
        }
      }
      contestants.forEach(one -> one.run(1, seconds * WARM_UP_SHARE, new Stopwatch()));
      for (int round = 0; round < ROUNDS; round++) {
        peak.measure();
        contestants.forEach(one -> one.run(1, seconds / ROUNDS, one.single));
        peak.measure();
      }
      for (int batch : BATCHES) {
        for (Contestant one : contestants) {
          if (one.single.quantile(0.5) * batch > seconds * 1e3) {
            continue; // a pass alone would take longer than all that is measured
          }
          Stopwatch sample = new Stopwatch();
          one.run(batch, 0, new Stopwatch()); // makes what the shape needs
          one.run(batch, seconds / ROUNDS, sample);
          one.batches.put(batch, sample);
        }
      }
      return new Result(contestants.stream().map(Contestant::speed).toList(), peak.gigaflops());
    } finally {
      contestants.forEach(Contestant::close);
      contestants.clear();
    }
  }

  private void open(EngineKind kind, Precision precision, ComputeDevice device) {
    Optional<String> obstacle = kind.obstacle(device, precision);
    if (obstacle.isPresent()) {
      notices.accept(
          "%s in %s is left out: %s".formatted(kind.key(), precision.key(), obstacle.get()));
      return;
    }
    long before = ResidentMemory.bytes();
    long start = System.nanoTime();
    Engine engine = kind.open(network, device, precision, notices);
    Contestant contestant = new Contestant(kind, precision, engine);
    contestants.add(contestant);
    request(engine, 1);
    contestant.readySeconds = (System.nanoTime() - start) / 1e9;
    contestant.memoryBytes = Math.max(0, ResidentMemory.bytes() - before);
  }

  private void request(Engine engine, int batch) {
    try (InferenceRequest request = engine.request(batch, size.height(), size.width())) {
      request.run(0);
    }
  }
}
