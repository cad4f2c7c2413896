package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Tensor;

/** A part of the network that maps one tensor to another. */
interface Block {

  /**
   * Runs the block.
   *
   * @param x [B, C, H, W]; not changed
   * @return a new tensor owned by the caller
   */
  Tensor forward(Tensor x);
}
