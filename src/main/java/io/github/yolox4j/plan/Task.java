package io.github.yolox4j.plan;

import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import java.util.List;

/** An operation whose maps have their places. */
sealed interface Task {

  /** What is written. */
  Region target();

  /** What is read, apart from a target that is added to. */
  List<Region> sources();

  /** Takes the pictures in. */
  record Picture(boolean focused, boolean standardised, Region target) implements Task {
    @Override
    public List<Region> sources() {
      return List.of();
    }
  }

  /**
   * Convolutions of one map, whose results lie side by side.
   *
   * @param accumulates whether the result is added to what the target holds
   */
  record Convolve(
      List<Convolution> convolutions,
      Method method,
      Region source,
      boolean accumulates,
      Region target)
      implements Task {
    @Override
    public List<Region> sources() {
      return List.of(source);
    }

    Convolution first() {
      return convolutions.getFirst();
    }

    String name() {
      return first().key() + (convolutions.size() > 1 ? " and its twin" : "");
    }
  }

  /** A layer without weights that reads one map. */
  record Apply(Layer.Operator layer, Region source, Region target) implements Task {
    @Override
    public List<Region> sources() {
      return List.of(source);
    }
  }

  /** Copies a map. */
  record Copy(Region source, Region target) implements Task {
    @Override
    public List<Region> sources() {
      return List.of(source);
    }
  }
}
