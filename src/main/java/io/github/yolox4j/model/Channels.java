package io.github.yolox4j.model;

/**
 * Neighbouring channels of a layer's result.
 *
 * @param layer the layer's position in {@link Network#layers()}
 * @param first the first channel
 * @param count how many, at least 1
 */
public record Channels(int layer, int first, int count) {

  /** All channels of a map. */
  static Channels of(FeatureMap map) {
    return new Channels(map.layer(), 0, map.channels());
  }
}
