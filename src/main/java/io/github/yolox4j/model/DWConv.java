package io.github.yolox4j.model;

/** Depthwise separable convolution: a depthwise one that has the stride, then a 1x1. */
final class DWConv implements Module {

  private final BaseConv depthwise;
  private final BaseConv pointwise;

  DWConv(Key key, int inputs, int outputs, int kernel, int stride) {
    depthwise = new BaseConv(key.child("dconv"), inputs, inputs, kernel, stride, inputs);
    pointwise = new BaseConv(key.child("pconv"), inputs, outputs, 1, 1);
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    return pointwise.forward(depthwise.forward(x));
  }
}
