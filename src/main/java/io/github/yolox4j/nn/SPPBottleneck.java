package io.github.yolox4j.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MaxPool2dImpl;
import org.bytedeco.pytorch.MaxPool2dOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Spatial pyramid pooling between two 1x1 convolutions. */
public final class SPPBottleneck extends Module implements Block {

  private final BaseConv narrow;
  private final List<MaxPool2dImpl> pools;
  private final BaseConv merge;

  SPPBottleneck(int inputs, int outputs, Style style) {
    int hidden = inputs / 2;
    narrow = register_module("conv1", new BaseConv(inputs, hidden, 1, 1, 1, style));
    pools = IntStream.of(5, 9, 13).mapToObj(SPPBottleneck::pool).toList();
    merge =
        register_module(
            "conv2", new BaseConv(hidden * (pools.size() + 1), outputs, 1, 1, 1, style));
  }

  private static MaxPool2dImpl pool(int kernel) {
    try (LongPointer side = new LongPointer(kernel, kernel);
        LongPointer one = new LongPointer(1, 1);
        LongPointer border = new LongPointer(kernel / 2, kernel / 2);
        MaxPool2dOptions options = new MaxPool2dOptions(side)) {
      options.stride().put(one);
      options.padding().put(border);
      return new MaxPool2dImpl(options);
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    try (Tensor y = narrow.forward(x);
        Tensor small = pools.get(0).forward(y);
        Tensor middle = pools.get(1).forward(y);
        Tensor large = pools.get(2).forward(y);
        Tensor pyramid = Channels.concat(y, small, middle, large)) {
      return merge.forward(pyramid);
    }
  }
}
