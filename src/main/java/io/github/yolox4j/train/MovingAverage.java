package io.github.yolox4j.train;

import io.github.yolox4j.tensor.NativeOperator;
import java.util.Map;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * The exponential moving average of a network's parameters and BatchNorm statistics, which is what
 * is evaluated and saved. Its decay grows with the number of updates. Belongs to the scope in which
 * it was made.
 */
final class MovingAverage {

  private static final NativeOperator LERP = NativeOperator.of("aten::_foreach_lerp_", "Scalar");

  /** After so many updates the decay has come 63 % of its way. */
  private static final double RAMP = 2000;

  private final double decay;
  private final TensorVector average;
  private final TensorVector current;
  private long updates;

  /**
   * Averages a network.
   *
   * @param average the network that holds the average, which has the same values at the beginning
   * @param current the network that is trained
   * @param decay the decay after many updates
   */
  MovingAverage(TrainableNetwork average, TrainableNetwork current, double decay) {
    this.decay = decay;
    Map<String, Tensor> values = average.floating();
    this.average = new TensorVector(values.values().toArray(Tensor[]::new));
    this.current =
        new TensorVector(values.keySet().stream().map(current.state()::get).toArray(Tensor[]::new));
  }

  long updates() {
    return updates;
  }

  void resumeAt(long updates) {
    this.updates = updates;
  }

  /** Takes in the network's present values. */
  void update() {
    updates++;
    double weight = 1 - decay * (1 - Math.exp(-updates / RAMP));
    LERP.call(
        NativeOperator.list(average), NativeOperator.list(current), new IValue(new Scalar(weight)));
  }
}
