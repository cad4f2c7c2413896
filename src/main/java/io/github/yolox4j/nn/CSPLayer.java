package io.github.yolox4j.nn;

import java.util.stream.Stream;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Cross-stage partial layer: half of the channels goes through bottlenecks, half around them. */
public final class CSPLayer extends Module implements Block {

  private final BaseConv main;
  private final BaseConv bypass;
  private final BaseConv merge;
  private final Sequence bottlenecks;

  CSPLayer(int inputs, int outputs, int depth, boolean residual, Style style) {
    int hidden = outputs / 2;
    main = register_module("conv1", new BaseConv(inputs, hidden, 1, 1, 1, style));
    bypass = register_module("conv2", new BaseConv(inputs, hidden, 1, 1, 1, style));
    merge = register_module("conv3", new BaseConv(2 * hidden, outputs, 1, 1, 1, style));
    bottlenecks =
        register_module(
            "m",
            new Sequence(
                Stream.generate(() -> new Bottleneck(hidden, residual, style))
                    .limit(depth)
                    .toList()));
  }

  @Override
  public Tensor forward(Tensor x) {
    try (Tensor y = main.forward(x);
        Tensor deep = bottlenecks.forward(y);
        Tensor around = bypass.forward(x);
        Tensor both = Channels.concat(deep, around)) {
      return merge.forward(both);
    }
  }
}
