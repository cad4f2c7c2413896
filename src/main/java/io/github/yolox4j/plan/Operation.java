package io.github.yolox4j.plan;

import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import java.util.List;
import java.util.Optional;

/** A step of a network's forward pass after fusion; the maps are numbered as the layers. */
sealed interface Operation {

  /** The map that is written. */
  int target();

  /** The maps that are read. */
  List<Integer> sources();

  /**
   * Takes the pictures in.
   *
   * @param focused whether the four pixels of a square become channels
   * @param standardised whether the mean is subtracted
   */
  record Picture(int target, boolean focused, boolean standardised) implements Operation {
    @Override
    public List<Integer> sources() {
      return List.of();
    }
  }

  /**
   * A convolution with its activation.
   *
   * @param residual a map that is added to the result
   */
  record Convolve(Convolution convolution, int source, Optional<Integer> residual, int target)
      implements Operation {
    @Override
    public List<Integer> sources() {
      return residual.map(added -> List.of(source, added)).orElse(List.of(source));
    }

    /** Whether both read the same map in the same way, so that they can be computed as one. */
    boolean mergesWith(Convolve other) {
      Convolution a = convolution;
      Convolution b = other.convolution;
      return source == other.source
          && residual.isEmpty()
          && other.residual.isEmpty()
          && a.kernel() == b.kernel()
          && a.step() == b.step()
          && a.groups() == 1
          && b.groups() == 1
          && a.activation().equals(b.activation());
    }
  }

  /** A layer without weights that reads one map. */
  record Apply(Layer.Operator layer, int source, int target) implements Operation {
    @Override
    public List<Integer> sources() {
      return List.of(source);
    }
  }
}
