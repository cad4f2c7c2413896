package io.github.yolox4j.model;

import java.util.Arrays;
import java.util.List;

/**
 * A feature map of a network that is being described. What is applied to it becomes a layer of the
 * network.
 *
 * @param layers the layers so far, which grow
 * @param layer the position of the layer that makes this map
 */
record FeatureMap(List<Layer> layers, int layer) {

  /** Adds a layer and returns its map. */
  FeatureMap then(Layer added) {
    layers.add(added);
    return new FeatureMap(layers, layers.size() - 1);
  }

  int channels() {
    return layers.get(layer).channels();
  }

  int stride() {
    return layers.get(layer).stride();
  }

  FeatureMap convolve(Convolution convolution) {
    return then(new Layer.Conv(convolution, layer, stride() * convolution.step()));
  }

  FeatureMap spaceToDepth() {
    return then(new Layer.SpaceToDepth(layer, 4 * channels()));
  }

  FeatureMap maxPool(int kernel) {
    return then(new Layer.MaxPool(kernel, layer, channels(), stride()));
  }

  FeatureMap upsample() {
    return then(new Layer.Upsample(layer, channels(), stride() / 2));
  }

  FeatureMap plus(FeatureMap other) {
    return then(new Layer.Add(List.of(layer, other.layer), channels(), stride()));
  }

  static FeatureMap concat(FeatureMap... maps) {
    int channels = Arrays.stream(maps).mapToInt(FeatureMap::channels).sum();
    List<Integer> inputs = Arrays.stream(maps).map(FeatureMap::layer).toList();
    return maps[0].then(new Layer.Concat(inputs, channels, maps[0].stride()));
  }
}
