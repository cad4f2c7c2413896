package io.github.yolox4j.nn;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * Space to depth, then a convolution: [B, C, H, W] to [B, outputs, H/2, W/2]. The pixels of a
 * square are taken top-left, bottom-left, top-right, bottom-right.
 */
public final class Focus extends Module implements Block {

  private final BaseConv conv;

  Focus(int inputs, int outputs, int kernel, Style style) {
    conv = register_module("conv", new BaseConv(4 * inputs, outputs, kernel, 1, 1, style));
  }

  @Override
  public Tensor forward(Tensor x) {
    try (Tensor topLeft = everySecond(x, 0, 0);
        Tensor bottomLeft = everySecond(x, 1, 0);
        Tensor topRight = everySecond(x, 0, 1);
        Tensor bottomRight = everySecond(x, 1, 1);
        Tensor focused = Channels.concat(topLeft, bottomLeft, topRight, bottomRight)) {
      return conv.forward(focused);
    }
  }

  private static Tensor everySecond(Tensor x, int firstRow, int firstColumn) {
    try (LongOptional row = new LongOptional(firstRow);
        LongOptional column = new LongOptional(firstColumn);
        LongOptional end = new LongOptional();
        Tensor rows = x.slice(2, row, end, 2)) {
      return rows.slice(3, column, end, 2);
    }
  }
}
