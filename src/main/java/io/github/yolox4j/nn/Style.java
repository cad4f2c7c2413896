package io.github.yolox4j.nn;

import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.ModelSpec;

/**
 * What all convolutions of a network have in common.
 *
 * @param activation the activation function
 * @param depthwise whether spatial convolutions are depthwise separable
 * @param folded whether BatchNorm is folded into the convolutions
 */
record Style(Activation activation, boolean depthwise, boolean folded) {

  static Style of(ModelSpec spec, boolean folded) {
    return new Style(spec.activation(), spec.depthwise(), folded);
  }
}
