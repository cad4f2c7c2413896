package io.github.yolox4j.model;

import java.util.ArrayList;
import java.util.List;

/** The head without its backbone, as some of the reference's figures were made. */
public final class HeadOnly {

  private static final List<Integer> INPUTS = List.of(64, 128, 256);

  private HeadOnly() {}

  /**
   * Describes a head of width 0.25 on feature maps of 64, 128 and 256 channels.
   *
   * @param classes the number of classes
   * @param depthwise whether its convolutions are depthwise
   * @return a network with three inputs, whose keys begin in the head
   */
  public static Network of(int classes, boolean depthwise) {
    ModelSpec spec =
        new ModelSpec(
            "head",
            Backbone.CSP_DARKNET,
            1 / 3.0,
            0.25,
            depthwise,
            Activation.SILU,
            3,
            classes,
            64,
            64);
    Key key = Key.root(spec);
    YoloxHead head = new YoloxHead(key, INPUTS);
    List<Layer> layers = new ArrayList<>();
    List<FeatureMap> features = new ArrayList<>();
    for (int i = 0; i < INPUTS.size(); i++) {
      layers.add(new Layer.Input(INPUTS.get(i), 8 << i));
      features.add(new FeatureMap(layers, i));
    }
    List<Prediction> predictions = head.forward(features);
    return new Network(spec, layers, key.declared(), predictions);
  }
}
