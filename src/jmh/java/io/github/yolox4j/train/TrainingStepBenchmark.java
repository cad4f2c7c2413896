package io.github.yolox4j.train;

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

  private TrainingSpeed speed;
  private TrainingSpeed.Batch pictures;

  @Setup
  public void make() {
    OfficialModel official = OfficialModel.valueOf(model.substring(0, model.indexOf(' ')));
    int batch = Integer.parseInt(model.substring(model.indexOf(' ') + 1));
    int side = official.spec().inputHeight();
    speed = new TrainingSpeed(official.spec(), side, side, ComputeDevice.CPU, precision);
    pictures = speed.batch(batch);
  }

  @TearDown
  public void free() {
    pictures.close();
    speed.close();
  }

  @Benchmark
  public void step() {
    speed.train(pictures, 1);
  }
}
