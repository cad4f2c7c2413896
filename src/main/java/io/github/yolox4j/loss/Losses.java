package io.github.yolox4j.loss;

import org.bytedeco.pytorch.Tensor;

/**
 * The losses of a batch, each divided by the number of positives (at least 1) and on the device of
 * the predictions. Owned by whoever asked for them; {@link #close} frees the tensors.
 *
 * @param total 5 * box loss + objectness + classes + L1, a scalar with its gradient graph
 * @param parts [6] without gradient: total, 5 * box loss, L1, objectness, classes, and the number
 *     of positives per object
 */
public record Losses(Tensor total, Tensor parts) implements AutoCloseable {

  @Override
  public void close() {
    total.close();
    parts.close();
  }
}
