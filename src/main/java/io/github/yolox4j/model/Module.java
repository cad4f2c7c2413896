package io.github.yolox4j.model;

/** A part of a network that maps one feature map to another. */
interface Module {

  /** Applies the part: its layers are added to the network's. */
  FeatureMap forward(FeatureMap x);

  /** A 3x3 convolution, depthwise separable in a depthwise model. */
  static Module spatial(Key key, int inputs, int outputs, int stride) {
    return key.spec().depthwise()
        ? new DWConv(key, inputs, outputs, 3, stride)
        : new BaseConv(key, inputs, outputs, 3, stride);
  }
}
