package io.github.yolox4j.nn;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Darknet's residual layer: 1x1 to half the channels, 3x3 back, added to the input. */
public final class ResLayer extends Module implements Block {

  private final BaseConv narrow;
  private final BaseConv wide;

  ResLayer(int channels, Style style) {
    narrow = register_module("layer1", new BaseConv(channels, channels / 2, 1, 1, 1, style));
    wide = register_module("layer2", new BaseConv(channels / 2, channels, 3, 1, 1, style));
  }

  @Override
  public Tensor forward(Tensor x) {
    try (Tensor y = narrow.forward(x);
        Tensor z = wide.forward(y)) {
      return x.add(z);
    }
  }
}
