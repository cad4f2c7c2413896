package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Tensor;

/**
 * Feature maps of strides 8, 16 and 32.
 *
 * @param stride8 [B, C, H/8, W/8]
 * @param stride16 [B, C, H/16, W/16]
 * @param stride32 [B, C, H/32, W/32]
 */
record Features(Tensor stride8, Tensor stride16, Tensor stride32) implements AutoCloseable {

  @Override
  public void close() {
    stride8.close();
    stride16.close();
    stride32.close();
  }
}
