package io.github.yolox4j.model;

import java.util.List;

/** Path aggregation feature pyramid on CSPDarknet: a top-down and a bottom-up path. */
final class YoloPafpn implements FeatureExtractor {

  private final CSPDarknet backbone;
  private final BaseConv lateralConv0;
  private final CSPLayer p4;
  private final BaseConv reduceConv1;
  private final CSPLayer p3;
  private final Module buConv2;
  private final CSPLayer n3;
  private final Module buConv1;
  private final CSPLayer n4;

  YoloPafpn(Key key) {
    backbone = new CSPDarknet(key.child("backbone"));
    int c3 = backbone.channels().get(0);
    int c4 = backbone.channels().get(1);
    int c5 = backbone.channels().get(2);
    int depth = key.spec().baseDepth();
    lateralConv0 = new BaseConv(key.child("lateral_conv0"), c5, c4, 1, 1);
    p4 = new CSPLayer(key.child("C3_p4"), 2 * c4, c4, depth, false);
    reduceConv1 = new BaseConv(key.child("reduce_conv1"), c4, c3, 1, 1);
    p3 = new CSPLayer(key.child("C3_p3"), 2 * c3, c3, depth, false);
    buConv2 = Module.spatial(key.child("bu_conv2"), c3, c3, 2);
    n3 = new CSPLayer(key.child("C3_n3"), 2 * c3, c4, depth, false);
    buConv1 = Module.spatial(key.child("bu_conv1"), c4, c4, 2);
    n4 = new CSPLayer(key.child("C3_n4"), 2 * c4, c5, depth, false);
  }

  @Override
  public List<FeatureMap> forward(FeatureMap picture) {
    List<FeatureMap> dark = backbone.forward(picture);
    FeatureMap lateral = lateralConv0.forward(dark.get(2));
    FeatureMap middle = p4.forward(FeatureMap.concat(lateral.upsample(), dark.get(1)));
    FeatureMap reduced = reduceConv1.forward(middle);
    FeatureMap out3 = p3.forward(FeatureMap.concat(reduced.upsample(), dark.get(0)));
    FeatureMap out4 = n3.forward(FeatureMap.concat(buConv2.forward(out3), reduced));
    FeatureMap out5 = n4.forward(FeatureMap.concat(buConv1.forward(out4), lateral));
    return List.of(out3, out4, out5);
  }

  @Override
  public List<Integer> channels() {
    return backbone.channels();
  }
}
