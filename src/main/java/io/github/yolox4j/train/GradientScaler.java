package io.github.yolox4j.train;

import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.tensor.SharedTensors;
import io.github.yolox4j.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Scales the loss so that 16-bit gradients do not vanish, and finds the largest scale at which they
 * stay finite, as PyTorch's GradScaler does. Everything stays on the device. Belongs to the scope
 * in which it was made.
 */
final class GradientScaler {

  private static final float INITIAL = 65536;
  private static final double GROWTH = 2;
  private static final double BACKOFF = 0.5;
  private static final long INTERVAL = 2000;

  private static final Operator UNSCALE =
      Operator.of(
          "aten::_amp_foreach_non_finite_check_and_unscale_(Tensor(a!)[] self,"
              + " Tensor(b!) found_inf, Tensor inv_scale) -> ()");
  private static final Operator UPDATE =
      Operator.of(
          "aten::_amp_update_scale_(Tensor(a!) self, Tensor(b!) growth_tracker, Tensor found_inf,"
              + " float scale_growth_factor, float scale_backoff_factor, int growth_interval)"
              + " -> Tensor(a!)");

  private final Tensor scale;
  private final Tensor growthTracker;
  private final Tensor notFinite;

  GradientScaler(Device device) {
    scale = Tensors.of(new float[] {INITIAL}, 1).to(device, ScalarType.Float);
    growthTracker = Tensors.of(new float[] {0}, 1).to(device, ScalarType.Int);
    notFinite = Tensors.of(new float[] {0}, 1).to(device, ScalarType.Float);
  }

  Tensor scaled(Tensor loss) {
    return loss.mul(scale.squeeze());
  }

  /** Divides gradients by the scale and returns a scalar that is 1 if one was not finite. */
  Tensor unscale(List<Tensor> gradients) {
    notFinite.zero_();
    Tensor inverse = scale.to(ScalarType.Double).reciprocal().to(ScalarType.Float);
    UNSCALE.call(
        SharedTensors.list(gradients),
        SharedTensors.borrow(notFinite),
        SharedTensors.borrow(inverse));
    return notFinite;
  }

  /** Adapts the scale after a step. */
  void update() {
    UPDATE
        .tensor(
            SharedTensors.borrow(scale),
            SharedTensors.borrow(growthTracker),
            SharedTensors.borrow(notFinite),
            Value.of(GROWTH),
            Value.of(BACKOFF),
            Value.of(INTERVAL))
        .close();
  }

  /** The scale and the number of steps since it changed, as a checkpoint keeps them. */
  double[] state() {
    return new double[] {Tensors.toDoubles(scale)[0], Tensors.toDoubles(growthTracker)[0]};
  }

  void restore(double scaleValue, double steps) {
    scale.fill_(new Scalar(scaleValue));
    growthTracker.fill_(new Scalar(steps));
  }
}
