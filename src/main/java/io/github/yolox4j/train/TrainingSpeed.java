package io.github.yolox4j.train;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossNormalizer;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Training steps of a new network on random pictures with ten objects each: forward, assignment,
 * losses, backward, update, average. For one thread; owns native memory until it is closed.
 */
public final class TrainingSpeed implements AutoCloseable {

  private static final int OBJECTS = 10;

  private static final int STEPS_AHEAD = 10;

  private static final double MAX_PIXEL = 255;
  private static final double RATE = 1e-5;

  private final ModelSpec spec;
  private final int height;
  private final int width;
  private final ComputeDevice device;
  private final StepwiseTraining training;

  /**
   * Makes the network.
   *
   * @param spec the model
   * @param height the pictures' height, a multiple of 32
   * @param width the pictures' width, a multiple of 32
   * @param device where it trains
   * @param precision what convolutions compute in
   */
  public TrainingSpeed(
      ModelSpec spec, int height, int width, ComputeDevice device, Precision precision) {
    this.spec = spec;
    this.height = height;
    this.width = width;
    this.device = device;
    DetectionLoss loss =
        DetectionLoss.of(AssignmentRule.HEAD, BoxLoss.IOU, LossNormalizer.BATCH, device, _ -> {});
    training = new StepwiseTraining(YoloX.create(spec), loss, device, precision);
  }

  /**
   * Tells how many steps a device is given before it is waited for, as between two lines of
   * progress.
   *
   * @param device the device
   * @return at least 1
   */
  public static int stepsAhead(ComputeDevice device) {
    return device.cuda() ? STEPS_AHEAD : 1;
  }

  /**
   * Pictures with their objects, on the device.
   *
   * @param pictures [B, C, H, W]
   * @param targets their objects
   */
  public record Batch(Tensor pictures, Targets targets) implements AutoCloseable {
    @Override
    public void close() {
      pictures.close();
    }
  }

  /**
   * Makes a batch.
   *
   * @param size the pictures of a step, at least 1
   * @return the batch, owned by the caller
   */
  public Batch batch(int size) {
    try (var _ = new Scope();
        Device target = device.toTorch()) {
      TensorOptions options = new TensorOptions(target);
      Tensor pictures =
          torch
              .rand(new long[] {size, spec.inputChannels(), height, width}, options)
              .mul_(new Scalar(MAX_PIXEL))
              .contiguous(MemoryFormat.ChannelsLast);
      return new Batch(pictures.retainReference(), targets(size));
    }
  }

  /**
   * Trains steps and waits for the last one.
   *
   * @param batch the pictures
   * @param steps how many
   */
  public void train(Batch batch, int steps) {
    try {
      for (int i = 0; i < steps; i++) {
        training.begin(batch.pictures(), batch.targets(), false, RATE);
      }
      device.synchronize();
    } catch (RuntimeException | Error e) {
      training.abandonStep();
      throw e;
    }
  }

  @Override
  public void close() {
    training.close();
  }

  private Targets targets(int size) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] labels = new double[size][OBJECTS * Targets.COLUMNS];
    for (double[] objects : labels) {
      for (int i = 0; i < objects.length; i += Targets.COLUMNS) {
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
