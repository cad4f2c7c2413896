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

  private final List<Layer> layers;
  private final Map<Integer, List<Integer>> readers = new HashMap<>();
  private final List<Operation> operations = new ArrayList<>();

  private Fusion(Network network) {
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
      case Layer.Input _ -> {
        if (!focused(id)) {
          operations.add(new Operation.Picture(id, false));
        }
      }
      case Layer.SpaceToDepth _ -> operations.add(new Operation.Picture(id, true));
      case Layer.Conv conv -> operations.add(convolve(id, conv));
      case Layer.MaxPool pool -> operations.add(pool(id, pool));
      case Layer.Upsample up -> operations.add(new Operation.Upsample(up.input(), id));
      case Layer.Concat _, Layer.Add _ -> {
        // the one is placed, the other fused
      }
    }
  }

  private boolean focused(int picture) {
    return readersOf(picture).stream()
        .anyMatch(reader -> layers.get(reader) instanceof Layer.SpaceToDepth);
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
    Operation.Pool widest = null;
    for (Operation earlier : operations) {
      if (earlier instanceof Operation.Pool candidate
          && layers.get(candidate.target()) instanceof Layer.MaxPool read
          && read.input() == pool.input()
          && read.kernel() < pool.kernel()) {
        widest = candidate;
      }
    }
    if (widest == null) {
      return new Operation.Pool(pool.kernel(), pool.input(), id);
    }
    int narrower = ((Layer.MaxPool) layers.get(widest.target())).kernel();
    return new Operation.Pool(pool.kernel() - narrower + 1, widest.target(), id);
  }

  private List<Integer> readersOf(int id) {
    return readers.getOrDefault(id, List.of());
  }
}
