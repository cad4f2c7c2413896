package io.github.yolox4j.engine;

import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A picture through a network of new weights, on two threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class EngineBenchmark {

  @Param({"NANO", "S"})
  public OfficialModel model;

  @Param({"TORCH", "TORCH_FUSED", "ONEDNN"})
  public EngineKind kind;

  private Engine engine;

  @Setup
  public void open() {
    IntraOpThreads.set(2);
    engine =
        kind.open(
            FoldedNetwork.random(model.spec(), 1),
            ComputeDevice.CPU,
            Precision.FP32,
            notice -> {
              throw new IllegalStateException(notice);
            });
  }

  @TearDown
  public void close() {
    engine.close();
  }

  @Benchmark
  public Predictions run() {
    ModelSpec spec = model.spec();
    try (InferenceRequest request = engine.request(1, spec.inputHeight(), spec.inputWidth())) {
      return request.run(0);
    }
  }
}
