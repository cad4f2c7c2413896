package io.github.yolox4j.model;

/** Space to depth, then a convolution: half the size, four times the channels read. */
final class Focus implements Module {

  private final BaseConv conv;

  Focus(Key key, int inputs, int outputs, int kernel) {
    conv = new BaseConv(key.child("conv"), 4 * inputs, outputs, kernel, 1);
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    return conv.forward(x.spaceToDepth());
  }
}
