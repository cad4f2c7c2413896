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

  private final AverageRecipe recipe;
  private final TensorVector average;
  private final TensorVector current;
  private long updates;

  /**
   * Averages a network.
   *
   * @param average the network that holds the average, which has the same values at the beginning
   * @param current the network that is trained
   * @param recipe how fast old values fade
   */
  MovingAverage(TrainableNetwork average, TrainableNetwork current, AverageRecipe recipe) {
    this.recipe = recipe;
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
    double weight = 1 - recipe.decay() * (1 - Math.exp(-updates / recipe.ramp()));
    LERP.call(
        NativeOperator.list(average), NativeOperator.list(current), new IValue(new Scalar(weight)));
  }
}
