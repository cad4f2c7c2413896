package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** A 1x1 and a 3x3 convolution that keep the channels, with a residual when asked for. */
public final class Bottleneck extends Module implements Block {

  private final BaseConv narrow;
  private final Block spatial;
  private final boolean residual;

  Bottleneck(int channels, boolean residual, Style style) {
    narrow = register_module("conv1", new BaseConv(channels, channels, 1, 1, 1, style));
    spatial = Spatial.register(this, "conv2", channels, channels, 1, style);
    this.residual = residual;
  }

  @Override
  public Tensor forward(Tensor x) {
    try (Tensor y = narrow.forward(x)) {
      Tensor z = spatial.forward(y);
      if (!residual) {
        return z;
      }
      try (z) {
        return z.add(x);
      }
    }
  }
}
