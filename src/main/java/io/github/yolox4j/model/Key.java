package io.github.yolox4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A module's place in the state dict of a network that is being described. Modules declare their
 * convolutions when they are made, which is the order of the state dict, and apply them afterwards.
 */
final class Key {

  private final String path;
  private final ModelSpec spec;
  private final List<Convolution> declared;

  private Key(String path, ModelSpec spec, List<Convolution> declared) {
    this.path = path;
    this.spec = spec;
    this.declared = declared;
  }

  /** The place of the whole network, where nothing is declared yet. */
  static Key root(ModelSpec spec) {
    return new Key("", spec, new ArrayList<>());
  }

  /** The place of a part. */
  Key child(String name) {
    return new Key(path.isEmpty() ? name : path + "." + name, spec, declared);
  }

  /** The place of a part of a list. */
  Key child(int position) {
    return child(Integer.toString(position));
  }

  /** What the network is made from. */
  ModelSpec spec() {
    return spec;
  }

  /** Declares a convolution that BatchNorm and the model's activation follow. */
  Convolution normalised(int inputs, int outputs, int kernel, int stride, int groups) {
    return declare(
        new Convolution(
            path, inputs, outputs, kernel, stride, groups, Optional.of(spec.activation())));
  }

  /** Declares a 1x1 convolution with a bias. */
  Convolution prediction(int inputs, int outputs) {
    return declare(new Convolution(path, inputs, outputs, 1, 1, 1, Optional.empty()));
  }

  private Convolution declare(Convolution convolution) {
    declared.add(convolution);
    return convolution;
  }

  /** Everything that was declared, in the order of the state dict. */
  List<Convolution> declared() {
    return List.copyOf(declared);
  }
}
