package io.github.yolox4j.train;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A training step with 10 objects per picture: forward, assignment, loss, backward, update. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 8)
@Fork(1)
public class TrainingStepBenchmark {

  private static final int OBJECTS = 10;

  /** Model and batch. */
  @Param({"NANO 8", "S 2"})
  public String model;

  /** What convolutions compute in. */
  @Param({"FP32", "BF16"})
  public Precision precision;

  private Scope scope;
  private YoloX network;
  private YoloX averaged;
  private TrainingStep step;
  private Tensor pictures;
  private Targets targets;

  @Setup
  public void make() {
    scope = new Scope();
    OfficialModel official = OfficialModel.valueOf(model.substring(0, model.indexOf(' ')));
    int batch = Integer.parseInt(model.substring(model.indexOf(' ') + 1));
    network = YoloX.create(official.spec());
    averaged = YoloX.create(official.spec());
    Networks.toChannelsLast(network);
    Networks.toChannelsLast(averaged);
    TrainableNetwork trainable = TrainableNetwork.of(network);
    step =
        new TrainingStep(
            trainable,
            Propagation.fastest(trainable, ComputeDevice.CPU, precision),
            DetectionLoss.of(AssignmentRule.HEAD, BoxLoss.IOU, ComputeDevice.CPU, _ -> {}),
            new Sgd(trainable, 0.9, 5e-4),
            Optional.of(
                new MovingAverage(TrainableNetwork.of(averaged), trainable, AverageRecipe.DEFAULT)),
            Optional.empty(),
            ComputeDevice.CPU,
            precision,
            0);
    int side = official.spec().inputHeight();
    pictures =
        torch
            .rand(batch, 3, side, side)
            .mul(new Scalar(255.0))
            .contiguous(MemoryFormat.ChannelsLast);
    SplittableRandom random = new SplittableRandom(1);
    List<double[]> labels = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      double[] objects = new double[OBJECTS * 5];
      for (int i = 0; i < objects.length; i += 5) {
        objects[i] = random.nextInt(official.spec().classes());
        objects[i + 1] = random.nextDouble() * side;
        objects[i + 2] = random.nextDouble() * side;
        objects[i + 3] = 16 + random.nextDouble() * 200;
        objects[i + 4] = 16 + random.nextDouble() * 200;
      }
      labels.add(objects);
    }
    targets = Targets.of(labels, official.spec().classes(), b -> "image " + b);
  }

  @TearDown
  public void free() {
    network.close();
    averaged.close();
    scope.close();
  }

  @Benchmark
  public double step() {
    try (var _ = new Scope();
        Losses losses = step.accumulate(pictures, targets, false, 1)) {
      double total = Tensors.toDoubles(losses.parts())[0];
      step.update(1e-5);
      return total;
    }
  }
}
