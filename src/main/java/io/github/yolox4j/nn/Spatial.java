package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Module;

/** The 3x3 convolutions that a depthwise model makes separable. */
final class Spatial {

  private Spatial() {}

  /** Makes a 3x3 convolution and registers it with its parent. */
  static Block register(
      Module parent, String name, int inputs, int outputs, int stride, Style style) {
    Block block = of(inputs, outputs, stride, style);
    parent.register_module(name, (Module) block);
    return block;
  }

  static Block of(int inputs, int outputs, int stride, Style style) {
    return style.depthwise()
        ? new DWConv(inputs, outputs, 3, stride, style)
        : new BaseConv(inputs, outputs, 3, stride, 1, style);
  }
}
