package io.github.yolox4j.train;

import io.github.yolox4j.nn.LevelOutput;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Runs a network forward and the gradients backward. For one thread. */
sealed interface Backpropagation permits Autograd, WeightProducts {

  /** The network's predictions for [B, C, H, W]; {@link #backward} belongs to the latest call. */
  List<LevelOutput> forward(Tensor pictures);

  /** Adds the gradients of a loss to those of the parameters. */
  void backward(Tensor loss);
}
