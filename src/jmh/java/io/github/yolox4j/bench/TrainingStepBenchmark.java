package io.github.yolox4j.bench;

import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
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

/** A training step with 10 objects per picture: forward, assignment, loss, backward, update. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 8)
@Fork(1)
public class TrainingStepBenchmark {

  /** Model and batch. */
  @Param({"NANO 8", "S 2"})
  public String model;

  /** What convolutions compute in. */
  @Param({"FP32", "BF16"})
  public Precision precision;

  private Workload steps;
  private Workload.Batch pictures;

  @Setup
  public void make() {
    OfficialModel official = OfficialModel.valueOf(model.substring(0, model.indexOf(' ')));
    int batch = Integer.parseInt(model.substring(model.indexOf(' ') + 1));
    int side = official.spec().inputHeight();
    steps =
        new TrainingSteps(official.spec(), new InputSize(side, side), ComputeDevice.CPU, precision);
    pictures = steps.batch(batch);
  }

  @TearDown
  public void free() {
    pictures.close();
    steps.close();
  }

  @Benchmark
  public void step() {
    pictures.run(1);
  }
}
