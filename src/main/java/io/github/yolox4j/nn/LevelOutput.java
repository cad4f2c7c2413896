package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Tensor;

/**
 * What the head predicts at one stride, undecoded. Closing frees the tensors.
 *
 * @param stride picture pixels per anchor point: 8, 16 or 32
 * @param boxes [B, 4, H, W]: centre offset x and y in strides, logarithm of width and height
 * @param objectness [B, 1, H, W], logits
 * @param classes [B, classes, H, W], logits
 */
public record LevelOutput(int stride, Tensor boxes, Tensor objectness, Tensor classes)
    implements AutoCloseable {

  @Override
  public void close() {
    boxes.close();
    objectness.close();
    classes.close();
  }
}
