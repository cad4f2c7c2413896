package io.github.yolox4j.model;

/** Convolution, BatchNorm, activation. */
final class BaseConv implements Module {

  private final Convolution convolution;

  BaseConv(Key key, int inputs, int outputs, int kernel, int stride) {
    this(key, inputs, outputs, kernel, stride, 1);
  }

  BaseConv(Key key, int inputs, int outputs, int kernel, int stride, int groups) {
    convolution = key.normalised(inputs, outputs, kernel, stride, groups);
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    return x.convolve(convolution);
  }
}
