package io.github.yolox4j.dist;

/**
 * Averages gradients over the ranks during the backward pass, bucket by bucket as they become
 * ready, so that the exchange overlaps with the computation. For one thread.
 */
public interface GradientAverage extends AutoCloseable {

  /** Is to be called before each forward pass that {@link #backward} follows. */
  void beforeForward();

  /**
   * Runs a backward pass, after which the parameters' gradients, with what they had before it, are
   * the mean over the ranks.
   *
   * @param pass computes the gradients with libtorch's autograd
   * @throws io.github.yolox4j.YoloxException if a rank was lost
   */
  void backward(Runnable pass);

  @Override
  void close();
}
