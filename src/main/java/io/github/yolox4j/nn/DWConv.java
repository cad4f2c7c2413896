package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Depthwise separable convolution: a depthwise 3x3 that has the stride, then a 1x1. */
public final class DWConv extends Module implements Block {

  private final BaseConv depthwise;
  private final BaseConv pointwise;

  DWConv(int inputs, int outputs, int kernel, int stride, Style style) {
    depthwise =
        register_module("dconv", new BaseConv(inputs, inputs, kernel, stride, inputs, style));
    pointwise = register_module("pconv", new BaseConv(inputs, outputs, 1, 1, 1, style));
  }

  @Override
  public Tensor forward(Tensor x) {
    try (Tensor y = depthwise.forward(x)) {
      return pointwise.forward(y);
    }
  }
}
