package io.github.yolox4j.nn;

import io.github.yolox4j.model.Prediction;
import org.bytedeco.pytorch.Tensor;

/**
 * One of a network's predictions for a batch, undecoded. Closing frees the tensors.
 *
 * @param prediction what is predicted
 * @param boxes [B, 4, H, W], see {@link io.github.yolox4j.model.BoxCoding}
 * @param objectness [B, 1, H, W], logits
 * @param classes [B, classes, H, W], logits
 */
public record LevelOutput(Prediction prediction, Tensor boxes, Tensor objectness, Tensor classes)
    implements AutoCloseable {

  @Override
  public void close() {
    boxes.close();
    objectness.close();
    classes.close();
  }
}
