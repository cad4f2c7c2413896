package io.github.yolox4j.plan;

import io.github.yolox4j.model.Convolution;

/** How a convolution is computed. */
enum Method {
  /** A product of the pixels' matrix with the weights' matrix. */
  POINTWISE(true),
  /** Tiles of 4x4 results by Winograd's minimal filtering: a quarter of the multiplications. */
  WINOGRAD(true),
  /** oneDNN's direct convolution, depthwise ones included. */
  DIRECT(false);

  private final boolean besideOthers;

  Method(boolean besideOthers) {
    this.besideOthers = besideOthers;
  }

  /** Whether maps may lie in a block with others. */
  boolean besideOthers() {
    return besideOthers;
  }

  static Method of(Convolution convolution, boolean winograd) {
    if (convolution.kernel() == 1 && convolution.groups() == 1) {
      return POINTWISE;
    }
    return winograd && Winograd.handles(convolution) ? WINOGRAD : DIRECT;
  }
}
