package io.github.yolox4j.model;

import java.util.List;

/** The backbone of YOLOX-Nano to YOLOX-X. */
final class CSPDarknet implements FeatureExtractor {

  private final int base;
  private final Focus stem;
  private final Sequential dark2;
  private final Sequential dark3;
  private final Sequential dark4;
  private final Sequential dark5;

  CSPDarknet(Key key) {
    ModelSpec spec = key.spec();
    base = spec.scaled(64);
    int depth = Math.max(spec.baseDepth(), 1);
    stem = new Focus(key.child("stem"), spec.inputChannels(), base, 3);
    dark2 = stage(key.child("dark2"), base, depth);
    dark3 = stage(key.child("dark3"), 2 * base, 3 * depth);
    dark4 = stage(key.child("dark4"), 4 * base, 3 * depth);
    Key last = key.child("dark5");
    dark5 =
        new Sequential(
            Module.spatial(last.child(0), 8 * base, 16 * base, 2),
            new SPPBottleneck(last.child(1), 16 * base, 16 * base),
            new CSPLayer(last.child(2), 16 * base, 16 * base, depth, false));
  }

  private static Sequential stage(Key key, int inputs, int depth) {
    return new Sequential(
        Module.spatial(key.child(0), inputs, 2 * inputs, 2),
        new CSPLayer(key.child(1), 2 * inputs, 2 * inputs, depth, true));
  }

  @Override
  public List<FeatureMap> forward(FeatureMap picture) {
    FeatureMap x3 = dark3.forward(dark2.forward(stem.forward(picture)));
    FeatureMap x4 = dark4.forward(x3);
    return List.of(x3, x4, dark5.forward(x4));
  }

  @Override
  public List<Integer> channels() {
    return List.of(4 * base, 8 * base, 16 * base);
  }
}
