package io.github.yolox4j.bench;

import io.github.yolox4j.detect.InputSize;
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
import io.github.yolox4j.train.StepwiseTraining;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Training steps of a new network on random pictures with ten objects each, all on the device:
 * forward, assignment, losses, backward, update, average.
 */
final class TrainingSteps implements Workload {

  private static final int OBJECTS = 10;

  /** How many steps a GPU is given before it is waited for, as between two lines of progress. */
  private static final int STEPS_AHEAD = 10;

  private static final double MAX_PIXEL = 255;
  private static final double RATE = 1e-5;

  private final ModelSpec spec;
  private final InputSize size;
  private final ComputeDevice device;
  private final StepwiseTraining training;

  TrainingSteps(ModelSpec spec, InputSize size, ComputeDevice device, Precision precision) {
    this.spec = spec;
    this.size = size;
    this.device = device;
    DetectionLoss loss =
        DetectionLoss.of(AssignmentRule.HEAD, BoxLoss.IOU, LossNormalizer.BATCH, device, _ -> {});
    training = new StepwiseTraining(YoloX.create(spec), loss, device, precision);
  }

  @Override
  public int runsAhead() {
    return device.cuda() ? STEPS_AHEAD : 1;
  }

  @Override
  public Batch batch(int pictures) {
    try (var _ = new Scope();
        Device target = device.toTorch()) {
      TensorOptions options = new TensorOptions(target);
      Tensor pixels =
          torch
              .rand(
                  new long[] {pictures, spec.inputChannels(), size.height(), size.width()}, options)
              .mul_(new Scalar(MAX_PIXEL))
              .contiguous(MemoryFormat.ChannelsLast);
      return new Steps(pixels.retainReference(), targets(pictures));
    }
  }

  /** The same step again and again. */
  private final class Steps implements Batch {

    private final Tensor pictures;
    private final Targets targets;

    Steps(Tensor pictures, Targets targets) {
      this.pictures = pictures;
      this.targets = targets;
    }

    @Override
    public void run(int times) {
      try {
        for (int i = 0; i < times; i++) {
          training.begin(pictures, targets, false, RATE);
        }
        device.synchronize();
      } catch (RuntimeException | Error e) {
        training.abandonStep();
        throw e;
      }
    }

    @Override
    public void close() {
      pictures.close();
    }
  }

  private Targets targets(int pictures) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] labels = new double[pictures][OBJECTS * Targets.COLUMNS];
    for (double[] objects : labels) {
      for (int i = 0; i < objects.length; i += Targets.COLUMNS) {
        objects[i] = random.nextInt(spec.classes());
        objects[i + 1] = random.nextDouble() * size.width();
        objects[i + 2] = random.nextDouble() * size.height();
        objects[i + 3] = random.nextDouble(0.02, 0.3) * size.width();
        objects[i + 4] = random.nextDouble(0.02, 0.3) * size.height();
      }
    }
    return Targets.of(Arrays.asList(labels), spec.classes(), b -> "picture " + b);
  }

  @Override
  public void close() {
    training.close();
  }
}
