package io.github.yolox4j.bench;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.detect.InputSize;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.train.Learner;
import io.github.yolox4j.train.Recipe;
import java.util.ArrayList;
import java.util.List;
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
  private final Learner learner;

  TrainingSteps(ModelSpec spec, InputSize size, ComputeDevice device, Precision precision) {
    this.spec = spec;
    this.size = size;
    this.device = device;
    learner =
        new Learner(YoloX.create(spec), Recipe.DEFAULT, device, precision, Ranks.alone(), _ -> {});
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
      return new Steps(pixels.retainReference(), labels(pictures));
    }
  }

  /** The same step again and again. */
  private final class Steps implements Batch {

    private final Tensor pictures;
    private final Labels labels;

    Steps(Tensor pictures, Labels labels) {
      this.pictures = pictures;
      this.labels = labels;
    }

    @Override
    public void run(int times) {
      try {
        for (int i = 0; i < times; i++) {
          try (var _ = new Scope()) {
            learner.accumulate(pictures, labels, false).close();
            learner.update(RATE);
          }
        }
        device.synchronize();
      } catch (RuntimeException | Error e) {
        learner.forgetGradients();
        throw e;
      }
    }

    @Override
    public void close() {
      pictures.close();
    }
  }

  private Labels labels(int pictures) {
    SplittableRandom random = new SplittableRandom(1);
    List<Labels> labels = new ArrayList<>();
    for (int b = 0; b < pictures; b++) {
      int[] classes = new int[OBJECTS];
      double[] boxes = new double[4 * OBJECTS];
      for (int i = 0; i < OBJECTS; i++) {
        classes[i] = random.nextInt(spec.classes());
        boxes[4 * i] = random.nextDouble() * size.width();
        boxes[4 * i + 1] = random.nextDouble() * size.height();
        boxes[4 * i + 2] = random.nextDouble(0.02, 0.3) * size.width();
        boxes[4 * i + 3] = random.nextDouble(0.02, 0.3) * size.height();
      }
      labels.add(Labels.of("picture " + b, classes, boxes));
    }
    return Labels.of(labels);
  }

  @Override
  public void close() {
    learner.close();
  }
}
