package io.github.yolox4j.train;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
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

/** How fast training steps are: forward, assignment, losses, backward, update, average. */
public final class TrainingSpeed {

  private static final int OBJECTS = 10;
  private static final int LEAST_STEPS = 2;
  private static final double MAX_PIXEL = 255;

  private TrainingSpeed() {}

  /**
   * Trains a new network on random pictures with ten objects each.
   *
   * @param spec the model
   * @param batch the pictures of a step, at least 1
   * @param height the pictures' height, a multiple of 32
   * @param width the pictures' width, a multiple of 32
   * @param device where it trains
   * @param precision what convolutions compute in
   * @param seconds how long at least
   * @return pictures per second of the median step, without the first
   */
  public static double imagesPerSecond(
      ModelSpec spec,
      int batch,
      int height,
      int width,
      ComputeDevice device,
      Precision precision,
      double seconds) {
    try (var _ = new Scope();
        YoloX network = YoloX.create(spec);
        YoloX averaged = YoloX.create(spec)) {
      network.to(device.toTorch(), ScalarType.Float, false);
      averaged.to(device.toTorch(), ScalarType.Float, false);
      Networks.toChannelsLast(network);
      Networks.toChannelsLast(averaged);
      TrainableNetwork trainable = TrainableNetwork.of(network);
      TrainingStep step =
          new TrainingStep(
              trainable,
              Propagation.fastest(trainable, device, precision),
              DetectionLoss.of(AssignmentRule.HEAD, BoxLoss.IOU, device, _ -> {}),
              new Sgd(trainable, 0.9, 5e-4),
              Optional.of(
                  new MovingAverage(
                      TrainableNetwork.of(averaged), trainable, AverageRecipe.DEFAULT)),
              Optional.empty(),
              device,
              precision,
              0);
      Tensor pictures =
          torch
              .rand(batch, spec.inputChannels(), height, width)
              .mul(new Scalar(MAX_PIXEL))
              .to(device.toTorch(), ScalarType.Float)
              .contiguous(MemoryFormat.ChannelsLast);
      Targets targets = targets(spec, batch, height, width);
      run(step, pictures, targets);
      List<Long> durations = new ArrayList<>();
      long begin = System.nanoTime();
      while (durations.size() < LEAST_STEPS || System.nanoTime() - begin < seconds * 1e9) {
        long start = System.nanoTime();
        run(step, pictures, targets);
        durations.add(System.nanoTime() - start);
      }
      long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();
      return batch * 1e9 / sorted[sorted.length / 2];
    }
  }

  private static void run(TrainingStep step, Tensor pictures, Targets targets) {
    try (var _ = new Scope();
        Losses losses = step.accumulate(pictures, targets, false, 1)) {
      step.update(1e-5);
      losses.parts().cpu(); // waits for the device
    }
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
