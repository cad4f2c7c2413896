package io.github.yolox4j.train;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossNormalizer;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Training steps of a new network on random pictures with ten objects each: forward, assignment,
 * losses, backward, update, average. For one thread; owns native memory until it is closed.
 */
public final class TrainingSpeed implements AutoCloseable {

  private static final int OBJECTS = 10;
  private static final int LEAST_STEPS = 2;
  private static final double MAX_PIXEL = 255;
  private static final double RATE = 1e-5;

  private final Scope scope = new Scope();
  private final YoloX network;
  private final YoloX averaged;
  private final TrainingStep step;
  private final Tensor pictures;
  private final Targets targets;
  private final int batch;

  /**
   * Makes the network and a batch for it.
   *
   * @param spec the model
   * @param batch the pictures of a step, at least 1
   * @param height the pictures' height, a multiple of 32
   * @param width the pictures' width, a multiple of 32
   * @param device where it trains
   * @param precision what convolutions compute in
   */
  public TrainingSpeed(
      ModelSpec spec, int batch, int height, int width, ComputeDevice device, Precision precision) {
    this.batch = batch;
    this.network = network(spec, device);
    this.averaged = network(spec, device);
    TrainableNetwork trainable = TrainableNetwork.of(network);
    this.step =
        new TrainingStep(
            trainable,
            Propagation.fastest(trainable, device, precision),
            DetectionLoss.of(
                AssignmentRule.HEAD, BoxLoss.IOU, LossNormalizer.BATCH, device, _ -> {}),
            new Sgd(trainable, 0.9, 5e-4),
            Optional.of(
                new MovingAverage(TrainableNetwork.of(averaged), trainable, AverageRecipe.DEFAULT)),
            Optional.empty(),
            device,
            precision,
            0);
    this.pictures =
        torch
            .rand(batch, spec.inputChannels(), height, width)
            .mul(new Scalar(MAX_PIXEL))
            .to(device.toTorch(), ScalarType.Float)
            .contiguous(MemoryFormat.ChannelsLast);
    this.targets = targets(spec, batch, height, width);
  }

  private static YoloX network(ModelSpec spec, ComputeDevice device) {
    YoloX network = YoloX.create(spec);
    network.to(device.toTorch(), ScalarType.Float, false);
    Networks.toChannelsLast(network);
    return network;
  }

  /**
   * Trains a step and waits for it.
   *
   * @return the total loss
   */
  public double step() {
    try (var _ = new Scope();
        Losses losses = step.accumulate(pictures, targets, false, 1)) {
      step.update(RATE);
      return Tensors.toDoubles(losses.parts())[0];
    }
  }

  /**
   * Trains for some time.
   *
   * @param seconds how long at least
   * @return pictures per second of the median step, without the first
   */
  public double imagesPerSecond(double seconds) {
    step();
    List<Long> durations = new ArrayList<>();
    long begin = System.nanoTime();
    while (durations.size() < LEAST_STEPS || System.nanoTime() - begin < seconds * 1e9) {
      long start = System.nanoTime();
      step();
      durations.add(System.nanoTime() - start);
    }
    long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();
    return batch * 1e9 / sorted[sorted.length / 2];
  }

  @Override
  public void close() {
    network.close();
    averaged.close();
    scope.close();
  }

  private static Targets targets(ModelSpec spec, int batch, int height, int width) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] labels = new double[batch][OBJECTS * 5];
    for (double[] objects : labels) {
      for (int i = 0; i < objects.length; i += 5) {
        objects[i] = random.nextInt(spec.classes());
        objects[i + 1] = random.nextDouble() * width;
        objects[i + 2] = random.nextDouble() * height;
        objects[i + 3] = random.nextDouble(0.02, 0.3) * width;
        objects[i + 4] = random.nextDouble(0.02, 0.3) * height;
      }
    }
    return Targets.of(Arrays.asList(labels), spec.classes(), b -> "picture " + b);
  }
}
