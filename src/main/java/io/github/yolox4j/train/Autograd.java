package io.github.yolox4j.train;

import io.github.yolox4j.dist.GradientAverage;
import io.github.yolox4j.nn.LevelOutput;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Leaves all gradients to autograd, which has them averaged over the ranks. */
record Autograd(TrainableNetwork network, GradientAverage average) implements Backpropagation {

  @Override
  public List<LevelOutput> forward(Tensor pictures) {
    average.beforeForward();
    return network.network().forward(pictures);
  }

  @Override
  public void backward(Tensor loss) {
    average.backward(loss::backward);
  }
}
