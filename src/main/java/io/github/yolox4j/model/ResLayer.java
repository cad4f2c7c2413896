package io.github.yolox4j.model;

/** Darknet's residual layer: 1x1 to half the channels, 3x3 back, added to the input. */
final class ResLayer implements Module {

  private final BaseConv layer1;
  private final BaseConv layer2;

  ResLayer(Key key, int channels) {
    layer1 = new BaseConv(key.child("layer1"), channels, channels / 2, 1, 1);
    layer2 = new BaseConv(key.child("layer2"), channels / 2, channels, 3, 1);
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    return x.plus(layer2.forward(layer1.forward(x)));
  }
}
