package io.github.yolox4j.model;

import java.util.List;

/** Feature pyramid on Darknet: two top-down steps. */
final class YoloFpn implements FeatureExtractor {

  private final Darknet backbone;
  private final BaseConv out1Cbl;
  private final Sequential out1;
  private final BaseConv out2Cbl;
  private final Sequential out2;

  YoloFpn(Key key) {
    backbone = new Darknet(key.child("backbone"));
    out1Cbl = new BaseConv(key.child("out1_cbl"), 512, 256, 1, 1);
    out1 = embedding(key.child("out1"), 512 + 256, 256, 512);
    out2Cbl = new BaseConv(key.child("out2_cbl"), 256, 128, 1, 1);
    out2 = embedding(key.child("out2"), 256 + 128, 128, 256);
  }

  private static Sequential embedding(Key key, int inputs, int narrow, int wide) {
    return new Sequential(
        new BaseConv(key.child(0), inputs, narrow, 1, 1),
        new BaseConv(key.child(1), narrow, wide, 3, 1),
        new BaseConv(key.child(2), wide, narrow, 1, 1),
        new BaseConv(key.child(3), narrow, wide, 3, 1),
        new BaseConv(key.child(4), wide, narrow, 1, 1));
  }

  @Override
  public List<FeatureMap> forward(FeatureMap picture) {
    List<FeatureMap> dark = backbone.forward(picture);
    FeatureMap up1 = out1Cbl.forward(dark.get(2)).upsample();
    FeatureMap x1 = out1.forward(FeatureMap.concat(up1, dark.get(1)));
    FeatureMap up2 = out2Cbl.forward(x1).upsample();
    FeatureMap x2 = out2.forward(FeatureMap.concat(up2, dark.get(0)));
    return List.of(x2, x1, dark.get(2));
  }

  @Override
  public List<Integer> channels() {
    return List.of(128, 256, 512);
  }
}
