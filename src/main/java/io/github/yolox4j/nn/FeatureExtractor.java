package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Tensor;

/** A backbone, or a neck with its backbone: a picture to feature maps of three strides. */
interface FeatureExtractor {

  /**
   * Runs the extractor.
   *
   * @param picture [B, C, H, W], H and W multiples of 32
   * @return new tensors owned by the caller
   */
  Features forward(Tensor picture);
}
