package io.github.yolox4j.model;

import java.util.List;

/** Modules one after the other. */
final class Sequential implements Module {

  private final List<Module> modules;

  Sequential(List<? extends Module> modules) {
    this.modules = List.copyOf(modules);
  }

  Sequential(Module... modules) {
    this(List.of(modules));
  }

  @Override
  public FeatureMap forward(FeatureMap x) {
    FeatureMap y = x;
    for (Module module : modules) {
      y = module.forward(y);
    }
    return y;
  }
}
