package io.github.yolox4j.model;

/** A 1x1 and a 3x3 convolution that keep the channels, with a residual when asked for. */
final class Bottleneck implements Module {

  private final BaseConv conv1;
  private final Module conv2;
  private final boolean residual;

  Bottleneck(Key key, int channels, boolean residual) {
    conv1 = new BaseConv(key.child("conv1"), channels, channels, 1, 1);
    conv2 = Module.spatial(key.child("conv2"), channels, channels, 1);
    this.residual = residual;
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    FeatureMap y = conv2.forward(conv1.forward(x));
    return residual ? y.plus(x) : y;
  }
}
