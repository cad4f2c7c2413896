package io.github.yolox4j.dist;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A process that trains alone: everything is there already. */
record OneRank() implements Ranks {

  private static final GradientAverage OWN =
      new GradientAverage() {
        @Override
        public void beforeForward() {}

        @Override
        public void backward(Runnable pass) {
          pass.run();
        }

        @Override
        public void close() {}
      };

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public void broadcast(List<Tensor> tensors) {}

  @Override
  public void average(List<Tensor> tensors) {}

  @Override
  public Tensor sum(Tensor tensor) {
    return tensor;
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    return List.of(own);
  }

  @Override
  public GradientAverage gradients(List<Tensor> parameters) {
    return OWN;
  }

  @Override
  public void failed(String sentence) {}

  @Override
  public void close() {}
}
