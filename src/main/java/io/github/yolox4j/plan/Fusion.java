package io.github.yolox4j.plan;

import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a network's layers into operations: a sum becomes part of the convolution before it, the
 * rearrangement of the picture part of taking it in, and a wide max-pooling reads the result of a
 * narrower one. Concatenations are no operations; they are a matter of where maps lie.
 */
final class Fusion {

  private final Network network;
  private final List<Layer> layers;
  private final Map<Integer, List<Integer>> readers = new HashMap<>();
  private final List<Operation> operations = new ArrayList<>();

  private Fusion(Network network) {
    this.network = network;
    this.layers = network.layers();
    for (int i = 0; i < layers.size(); i++) {
      for (int input : layers.get(i).inputs()) {
        readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(i);
      }
    }
  }

  static List<Operation> of(Network network) {
    Fusion fusion = new Fusion(network);
    for (int i = 0; i < fusion.layers.size(); i++) {
      fusion.add(i, fusion.layers.get(i));
    }
    return List.copyOf(fusion.operations);
  }

  private void add(int id, Layer layer) {
    switch (layer) {
      case Layer.Input _, Layer.Standardise _, Layer.SpaceToDepth _ -> {
        if (lastOfPicture(id)) {
          operations.add(picture(id));
        }
      }
      case Layer.Conv conv -> operations.add(convolve(id, conv));
      case Layer.MaxPool pool -> operations.add(pool(id, pool));
      case Layer.Concat _, Layer.Add _ -> {
        // the one is placed, the other fused
      }
      case Layer.Operator other ->
          operations.add(new Operation.Apply(other, other.inputs().getFirst(), id));
    }
  }

  private boolean lastOfPicture(int id) {
    return readersOf(id).stream()
        .map(layers::get)
        .noneMatch(
            reader -> reader instanceof Layer.SpaceToDepth || reader instanceof Layer.Standardise);
  }

  private Operation picture(int id) {
    return new Operation.Picture(
        id, layers.get(id) instanceof Layer.SpaceToDepth, network.standardised());
  }

  private Operation convolve(int id, Layer.Conv conv) {
    if (readersOf(id).size() == 1
        && layers.get(readersOf(id).getFirst()) instanceof Layer.Add(List<Integer> terms, _, _)) {
      int other = terms.get(0) == id ? terms.get(1) : terms.get(0);
      if (other < id) {
        return new Operation.Convolve(
            conv.convolution(), conv.input(), Optional.of(other), readersOf(id).getFirst());
      }
    }
    return new Operation.Convolve(conv.convolution(), conv.input(), Optional.empty(), id);
  }

  /** The largest of a window of 9 is the largest of a window of 5 over those of windows of 5. */
  private Operation pool(int id, Layer.MaxPool pool) {
    Layer.MaxPool widest = null;
    int source = pool.input();
    for (Operation earlier : operations) {
      if (layers.get(earlier.target()) instanceof Layer.MaxPool read
          && read.input() == pool.input()
          && read.kernel() < pool.kernel()) {
        widest = read;
        source = earlier.target();
      }
    }
    int kernel = widest == null ? pool.kernel() : pool.kernel() - widest.kernel() + 1;
    return new Operation.Apply(
        new Layer.MaxPool(kernel, source, pool.channels(), pool.stride()), source, id);
  }

  private List<Integer> readersOf(int id) {
    return readers.getOrDefault(id, List.of());
  }
}
