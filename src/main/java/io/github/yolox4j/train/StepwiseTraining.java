package io.github.yolox4j.train;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.tensor.Waiting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network in training whose steps the caller takes one by one, on batches and at rates of its
 * own; everything else is as {@link Trainer} does it. For one thread; owns native memory until it
 * is closed.
 */
public final class StepwiseTraining implements AutoCloseable {

  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 5e-4;

  private final PointerScope objects = new PointerScope();
  private final ComputeDevice device;
  private final TrainableNetwork network;
  private final TrainableNetwork average;
  private final TrainingStep step;

  /**
   * Moves a network to its device and prepares its training.
   *
   * @param network the network, which this now owns
   * @param loss its loss, made for the device
   * @param device where it trains
   * @param precision what convolutions compute in; with 64 bits everything does
   */
  public StepwiseTraining(
      YoloX network, DetectionLoss loss, ComputeDevice device, Precision precision) {
    this(
        network,
        loss,
        device,
        precision,
        trainable -> Propagation.fastest(trainable, device, precision));
  }

  /** Propagates in another way than the fastest. */
  StepwiseTraining(
      YoloX network,
      DetectionLoss loss,
      ComputeDevice device,
      Precision precision,
      Function<TrainableNetwork, Propagation> propagation) {
    this.device = device;
    objects.extend(); // the first close takes it off the thread's stack, the second frees
    YoloX copy = YoloX.create(network.spec());
    try (Device target = device.toTorch()) {
      ScalarType type = precision == Precision.FP64 ? ScalarType.Double : ScalarType.Float;
      for (YoloX each : new YoloX[] {network, copy}) {
        each.to(target, type, false);
        Networks.toChannelsLast(each);
      }
      this.network = TrainableNetwork.of(network);
      average = TrainableNetwork.of(copy);
      Networks.set(Networks.arrays(this.network.state()), average.state(), "the network");
      copy.eval();
      step =
          new TrainingStep(
              this.network,
              propagation.apply(this.network),
              loss,
              new Sgd(this.network, MOMENTUM, WEIGHT_DECAY),
              Optional.of(new MovingAverage(average, this.network, AverageRecipe.DEFAULT)),
              precision == Precision.FP16
                  ? Optional.of(new GradientScaler(target))
                  : Optional.empty(),
              device,
              precision,
              0);
    } catch (RuntimeException | Error e) {
      copy.close();
      network.close();
      objects.close();
      throw e;
    } finally {
      objects.close();
    }
  }

  /**
   * Takes a step and waits for its losses.
   *
   * @param pictures [B, C, H, W] on the device
   * @param labels their objects
   * @param l1 whether the L1 loss is added
   * @param rate the learning rate
   * @return the losses before the step
   */
  public LossValues step(Tensor pictures, Labels labels, boolean l1, double rate) {
    try (var _ = new Scope();
        Losses losses = step.accumulate(pictures, labels, l1, 1)) {
      LossValues values;
      try (Waiting _ = device.waiting()) {
        values = LossValues.of(losses);
      }
      step.update(rate);
      return values;
    }
  }

  /**
   * Gives the device the work of a step and does not wait for it.
   *
   * @param pictures [B, C, H, W] on the device
   * @param labels their objects
   * @param l1 whether the L1 loss is added
   * @param rate the learning rate
   */
  public void begin(Tensor pictures, Labels labels, boolean l1, double rate) {
    try (var _ = new Scope()) {
      step.accumulate(pictures, labels, l1, 1).close();
      step.update(rate);
    }
  }

  /**
   * Gives pictures another size, as multi-scale training does.
   *
   * @param pictures [B, C, H, W]
   * @param height the other height
   * @param width the other width
   * @return the pictures, in the innermost scope; the same if they have that size
   */
  public static Tensor resized(Tensor pictures, int height, int width) {
    return Multiscale.resize(pictures, new Multiscale.Size(height, width));
  }

  /** Forgets the gradients of a step that failed. */
  public void abandonStep() {
    network.network().zero_grad(true);
  }

  /**
   * Measures what is trained.
   *
   * @return the Euclidean norm of every tensor of the network but counters, by its key
   */
  public Map<String, Double> norms() {
    return norms(network);
  }

  /**
   * Measures the moving average.
   *
   * @return the Euclidean norm of every tensor of the averaged network but counters, by its key
   */
  public Map<String, Double> averageNorms() {
    return norms(average);
  }

  private static Map<String, Double> norms(TrainableNetwork network) {
    try (var _ = new Scope()) {
      Map<String, Double> norms = new LinkedHashMap<>();
      network
          .floating()
          .forEach((key, tensor) -> norms.put(key, Tensors.toDoubles(tensor.norm())[0]));
      return norms;
    }
  }

  @Override
  public void close() {
    network.network().close();
    average.network().close();
    objects.close();
  }
}
