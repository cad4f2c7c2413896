package io.github.yolox4j.train;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * One step of training: forward, loss, backward, update of parameters and average. Native objects
 * belong to the innermost open scope, one of which is opened around each step.
 */
final class TrainingStep {

  private final TrainableNetwork network;
  private final Propagation propagation;
  private final DetectionLoss loss;
  private final Sgd sgd;
  private final Optional<MovingAverage> average;
  private final Optional<GradientScaler> scaler;
  private final ComputeDevice device;
  private final Precision precision;
  private final double clipNorm;

  TrainingStep(
      TrainableNetwork network,
      Propagation propagation,
      DetectionLoss loss,
      Sgd sgd,
      Optional<MovingAverage> average,
      Optional<GradientScaler> scaler,
      ComputeDevice device,
      Precision precision,
      double clipNorm) {
    this.network = network;
    this.propagation = propagation;
    this.loss = loss;
    this.sgd = sgd;
    this.average = average;
    this.scaler = scaler;
    this.device = device;
    this.precision = precision;
    this.clipNorm = clipNorm;
  }

  /**
   * Adds a batch's gradients to those of the parameters.
   *
   * @param pictures [B, C, H, W]
   * @param labels their objects
   * @param l1 whether the L1 loss is added
   * @param share by how much the loss is divided: the batches of one update
   * @return the losses, owned by the caller
   */
  Losses accumulate(Tensor pictures, Labels labels, boolean l1, int share) {
    List<LevelOutput> levels;
    try (var _ = new Autocast(device, precision)) {
      levels = propagation.forward(pictures);
    }
    Losses losses = loss.of(levels, labels, l1);
    Tensor total = share == 1 ? losses.total() : losses.total().div(new Scalar((double) share));
    try {
      propagation.backward(scaler.map(each -> each.scaled(total)).orElse(total));
    } catch (RuntimeException | Error e) {
      losses.close(); // the graph, and all that it keeps, hangs on them
      throw e;
    }
    return losses;
  }

  /** Changes the parameters by their gradients, and forgets these. */
  void update(double rate) {
    try (NoGradGuard _ = new NoGradGuard()) {
      Optional<Tensor> notFinite = scaler.map(each -> each.unscale(sgd.gradients()));
      if (clipNorm > 0) {
        Gradients.clip(sgd.gradients(), clipNorm);
      }
      sgd.step(rate, notFinite);
      scaler.ifPresent(GradientScaler::update);
      average.ifPresent(MovingAverage::update);
    }
    network.network().zero_grad(true);
  }
}
