package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
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

  /** How the network runs. */
  public enum Kind {
    EAGER,
    FUSED
  }

  @Param({"NANO", "S"})
  public OfficialModel model;

  @Param public Kind kind;

  private final Arena arena = Arena.ofShared();
  private MemorySegment pixels;
  private Engine engine;

  @Setup
  public void open() {
    ModelSpec spec = model.spec();
    try (YoloX network = YoloX.create(spec)) {
      engine =
          switch (kind) {
            case EAGER ->
                new TorchEngine(
                    Networks.folded(network), ComputeDevice.CPU, Precision.FP32, InputScaling.NONE);
            case FUSED ->
                new FusedTorchEngine(
                    spec, Networks.arrays(network), DType.FLOAT32, InputScaling.NONE);
          };
    }
    LibTorch.setThreads(2);
    pixels = arena.allocate((long) spec.inputHeight() * spec.inputWidth() * spec.inputChannels());
  }

  @TearDown
  public void close() {
    engine.close();
    arena.close();
  }

  @Benchmark
  public List<LevelMap> run() {
    ModelSpec spec = model.spec();
    try (Predictions predictions = engine.run(pixels, 1, spec.inputHeight(), spec.inputWidth())) {
      return predictions.levels();
    }
  }
}
