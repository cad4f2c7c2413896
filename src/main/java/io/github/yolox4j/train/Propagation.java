package io.github.yolox4j.train;

import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.nn.WeightGradients;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Runs a network forward and backward. */
sealed interface Propagation permits AutogradPropagation, ProductPropagation, RankPropagation {

  /** The execution that is fastest on a device. */
  static Propagation fastest(TrainableNetwork network, ComputeDevice device, Precision precision) {
    boolean full = precision == Precision.FP32 || precision == Precision.FP64;
    return full && !device.cuda() && WeightGradients.worthwhile()
        ? new ProductPropagation(network)
        : new AutogradPropagation(network);
  }

  /** The network's predictions for [B, C, H, W]; {@link #backward} belongs to the latest call. */
  List<LevelOutput> forward(Tensor pictures);

  /** Adds the gradients of a loss to those of the parameters. */
  void backward(Tensor loss);
}
