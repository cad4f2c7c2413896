package io.github.yolox4j.train;

import io.github.yolox4j.nn.LevelOutput;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Leaves all gradients to autograd. */
record AutogradPropagation(TrainableNetwork network) implements Propagation {

  @Override
  public List<LevelOutput> forward(Tensor pictures) {
    return network.network().forward(pictures);
  }

  @Override
  public void backward(Tensor loss) {
    loss.backward();
  }
}
