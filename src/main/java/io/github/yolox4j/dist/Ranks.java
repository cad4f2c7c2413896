package io.github.yolox4j.dist;

import io.github.yolox4j.tensor.ComputeDevice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The processes that train together, seen from one of them. What is done with the others must be
 * done by all of them, in the same order, on one thread each. If one is lost, or waits longer than
 * the time that was agreed on, the others' calls fail with a {@link
 * io.github.yolox4j.YoloxException} that says what is known of it.
 */
public sealed interface Ranks extends AutoCloseable permits OneRank, RankGroup {

  /** How long a rank waits for the others, unless told otherwise. */
  Duration PATIENCE = Duration.ofMinutes(10);

  /** {@return the one rank of a process that trains alone, which need not be closed} */
  static Ranks alone() {
    return new OneRank();
  }

  /**
   * Joins the other ranks.
   *
   * @param environment this process's place; empty if it is alone
   * @param device where gradients are: c10d's Gloo for the CPU, NCCL for a GPU
   * @param patience how long a rank waits for another one before it gives up
   * @return the ranks, owned by the caller
   * @throws io.github.yolox4j.YoloxException if the others cannot be reached
   */
  static Ranks join(
      Optional<RankEnvironment> environment, ComputeDevice device, Duration patience) {
    return environment.isPresent() ? RankGroup.join(environment.get(), device, patience) : alone();
  }

  /** {@return this process's number, 0 to {@link #size} - 1} */
  int rank();

  /** {@return how many processes there are, at least 1} */
  int size();

  /**
   * Tells whether this is the process that writes files and talks to the user.
   *
   * @return whether it is rank 0
   */
  default boolean first() {
    return rank() == 0;
  }

  /**
   * Gives every rank the first one's values.
   *
   * @param tensors on the device, of the same shapes and types on all ranks; changed
   */
  void broadcast(List<Tensor> tensors);

  /**
   * Gives every rank the mean of all.
   *
   * @param tensors of floating-point numbers on the device, of the same shapes and types on all
   *     ranks; changed
   */
  void average(List<Tensor> tensors);

  /**
   * Adds up over the ranks.
   *
   * @param tensor on the device, of the same shape and type on all ranks; changed
   * @return the same tensor
   */
  Tensor sum(Tensor tensor);

  /**
   * Collects what each rank has.
   *
   * @param own this rank's bytes; at most 2 GiB over all ranks
   * @return the bytes of all ranks in their order, on every rank
   */
  List<byte[]> gather(byte[] own);

  /**
   * Averages gradients in backward passes to come.
   *
   * @param parameters the parameters that are trained, of the same shapes on all ranks
   * @return what averages, owned by the caller, to be closed before this
   */
  GradientAverage gradients(List<Tensor> parameters);

  /**
   * Tells the other ranks why this one ends, so that they can say so. Does nothing when another one
   * has failed before.
   *
   * @param sentence what happened
   */
  void failed(String sentence);

  /** Leaves. */
  @Override
  void close();
}
