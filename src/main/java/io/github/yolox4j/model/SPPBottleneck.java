package io.github.yolox4j.model;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Spatial pyramid pooling between two 1x1 convolutions. */
final class SPPBottleneck implements Module {

  private static final int[] KERNELS = {5, 9, 13};

  private final BaseConv conv1;
  private final BaseConv conv2;

  SPPBottleneck(Key key, int inputs, int outputs) {
    int hidden = inputs / 2;
    conv1 = new BaseConv(key.child("conv1"), inputs, hidden, 1, 1);
    conv2 = new BaseConv(key.child("conv2"), hidden * (KERNELS.length + 1), outputs, 1, 1);
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    FeatureMap y = conv1.forward(x);
    Stream<FeatureMap> pooled = IntStream.of(KERNELS).mapToObj(y::maxPool);
    return conv2.forward(
        FeatureMap.concat(Stream.concat(Stream.of(y), pooled).toArray(FeatureMap[]::new)));
  }
}
