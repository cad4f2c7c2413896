package io.github.yolox4j.train;

import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
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

  private final AverageRecipe recipe;
  private final TrainableNetwork network;
  private final TensorVector average;
  private final TensorVector current;
  private long updates;

  /**
   * Averages a network.
   *
   * @param copy becomes the average; of the same type and on the same device, owned by the caller
   * @param trained the network that is trained, with whose values the average begins
   * @param recipe how fast old values fade
   */
  MovingAverage(YoloX copy, TrainableNetwork trained, AverageRecipe recipe) {
    this.recipe = recipe;
    network = TrainableNetwork.of(copy);
    Networks.set(Networks.arrays(trained.state()), network.state(), "the network");
    copy.eval();
    Map<String, Tensor> values = network.floating();
    average = new TensorVector(values.values().toArray(Tensor[]::new));
    current =
        new TensorVector(values.keySet().stream().map(trained.state()::get).toArray(Tensor[]::new));
  }

  TrainableNetwork network() {
    return network;
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
    double weight = 1 - recipe.decay() * (1 - Math.exp(-updates / recipe.ramp()));
    LERP.call(
        NativeOperator.list(average), NativeOperator.list(current), new IValue(new Scalar(weight)));
  }
}
