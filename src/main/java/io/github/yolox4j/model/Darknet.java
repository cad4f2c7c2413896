package io.github.yolox4j.model;

import java.util.ArrayList;
import java.util.List;

/** Darknet-21 and Darknet-53, closed by a spatial pyramid pooling block. */
final class Darknet implements FeatureExtractor {

  /** Channels of the stem. */
  private static final int STEM = 32;

  private final Sequential stem;
  private final Sequential dark2;
  private final Sequential dark3;
  private final Sequential dark4;
  private final Sequential dark5;

  Darknet(Key key) {
    Backbone backbone = key.spec().backbone();
    Key first = key.child("stem");
    List<Module> modules = new ArrayList<>();
    modules.add(new BaseConv(first.child(0), key.spec().inputChannels(), STEM, 3, 1));
    addGroup(modules, first, STEM, 1);
    stem = new Sequential(modules);
    dark2 = stage(key.child("dark2"), 2 * STEM, backbone.residuals(2));
    dark3 = stage(key.child("dark3"), 4 * STEM, backbone.residuals(3));
    dark4 = stage(key.child("dark4"), 8 * STEM, backbone.residuals(4));
    dark5 = last(key.child("dark5"), 16 * STEM, backbone.residuals(5));
  }

  private static Sequential stage(Key key, int inputs, int residuals) {
    List<Module> modules = new ArrayList<>();
    addGroup(modules, key, inputs, residuals);
    return new Sequential(modules);
  }

  private static Sequential last(Key key, int inputs, int residuals) {
    int wide = 2 * inputs;
    List<Module> modules = new ArrayList<>();
    addGroup(modules, key, inputs, residuals);
    modules.add(new BaseConv(key.child(modules.size()), wide, inputs, 1, 1));
    modules.add(new BaseConv(key.child(modules.size()), inputs, wide, 3, 1));
    modules.add(new SPPBottleneck(key.child(modules.size()), wide, inputs));
    modules.add(new BaseConv(key.child(modules.size()), inputs, wide, 3, 1));
    modules.add(new BaseConv(key.child(modules.size()), wide, inputs, 1, 1));
    return new Sequential(modules);
  }

  /** Half the size, twice the channels, then residual layers. */
  private static void addGroup(List<Module> modules, Key key, int inputs, int residuals) {
    modules.add(new BaseConv(key.child(modules.size()), inputs, 2 * inputs, 3, 2));
    for (int i = 0; i < residuals; i++) {
      modules.add(new ResLayer(key.child(modules.size()), 2 * inputs));
    }
  }

  @Override
  public List<FeatureMap> forward(FeatureMap picture) {
    FeatureMap x3 = dark3.forward(dark2.forward(stem.forward(picture)));
    FeatureMap x4 = dark4.forward(x3);
    return List.of(x3, x4, dark5.forward(x4));
  }

  @Override
  public List<Integer> channels() {
    return List.of(8 * STEM, 16 * STEM, 16 * STEM);
  }
}
