package io.github.yolox4j.model;

import java.util.stream.IntStream;

/** Cross-stage partial layer: half of the channels goes through bottlenecks, half around them. */
final class CSPLayer implements Module {

  private final BaseConv conv1;
  private final BaseConv conv2;
  private final BaseConv conv3;
  private final Sequential bottlenecks;

  CSPLayer(Key key, int inputs, int outputs, int depth, boolean residual) {
    int hidden = outputs / 2;
    conv1 = new BaseConv(key.child("conv1"), inputs, hidden, 1, 1);
    conv2 = new BaseConv(key.child("conv2"), inputs, hidden, 1, 1);
    conv3 = new BaseConv(key.child("conv3"), 2 * hidden, outputs, 1, 1);
    Key m = key.child("m");
    bottlenecks =
        new Sequential(
            IntStream.range(0, depth)
                .mapToObj(i -> new Bottleneck(m.child(i), hidden, residual))
                .toList());
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    FeatureMap main = conv1.forward(x);
    FeatureMap bypass = conv2.forward(x);
    return conv3.forward(FeatureMap.concat(bottlenecks.forward(main), bypass));
  }
}
