package io.github.yolox4j.plan;

import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who writes and reads each feature map. Maps are numbered as the layers. A residual sum is added
 * to its first term in place where nothing reads that map afterwards: the maps that follow each
 * other so are a chain, which has one place.
 */
final class MapUses {

  private final boolean winograd;
  private final List<Operation> operations;
  private final List<Operation.Convolve> convolutions = new ArrayList<>();
  private final Map<Integer, Integer> writer = new HashMap<>();
  private final Map<Integer, List<Integer>> readers = new HashMap<>();
  private final Map<Integer, Layer.Concat> joins = new LinkedHashMap<>();
  private final Map<Integer, Integer> continued = new HashMap<>();

  MapUses(Network network, boolean winograd) {
    this.winograd = winograd;
    this.operations = Fusion.of(network);
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      writer.put(operation.target(), i);
      if (operation instanceof Operation.Convolve convolve) {
        convolutions.add(convolve);
      }
      for (int source : operation.sources()) {
        readers.computeIfAbsent(source, _ -> new ArrayList<>()).add(i);
      }
    }
    for (int id = 0; id < network.layers().size(); id++) {
      if (network.layers().get(id) instanceof Layer.Concat join) {
        joins.put(id, join);
      }
    }
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i) instanceof Operation.Convolve sum && sum.residual().isPresent()) {
        int term = sum.residual().get();
        if (readers.get(term).getLast() == i
            && joins.values().stream().noneMatch(join -> join.inputs().contains(term))) {
          continued.put(sum.target(), term);
        }
      }
    }
  }

  /** In the order in which they run. */
  List<Operation> operations() {
    return operations;
  }

  List<Operation.Convolve> convolutions() {
    return convolutions;
  }

  /** The concatenations by the map that they write. */
  Map<Integer, Layer.Concat> joins() {
    return joins;
  }

  Method method(Convolution convolution) {
    return Method.of(convolution, winograd);
  }

  /** All maps that lie where a map lies because one continues the other. */
  List<Integer> chain(int map) {
    int origin = origin(map);
    return writer.keySet().stream().filter(other -> origin(other) == origin).toList();
  }

  private int origin(int map) {
    int origin = map;
    while (continued.containsKey(origin)) {
      origin = continued.get(origin);
    }
    return origin;
  }

  /** Whether everything that writes and reads a map can do so where others lie beside it. */
  boolean mayLieBesideOthers(int map) {
    return chain(map).stream()
        .allMatch(
            link ->
                besideOthers(operations.get(writer.get(link)))
                    && readersOf(link).stream()
                        .allMatch(reader -> besideOthers(operations.get(reader))));
  }

  private boolean besideOthers(Operation operation) {
    return switch (operation) {
      case Operation.Convolve convolve -> method(convolve.convolution()).besideOthers();
      case Operation.Apply apply -> apply.layer() instanceof Layer.Upsample;
      case Operation.Picture _ -> false;
    };
  }

  /** The position of the first operation that writes one of some maps, -1 where none does. */
  int firstWrite(Stream<Integer> maps) {
    return maps.filter(writer::containsKey).mapToInt(writer::get).min().orElse(-1);
  }

  /** The position of the last operation that reads a map's chain, beyond all where none does. */
  int lastRead(int map) {
    return chain(map).stream()
        .flatMap(link -> readersOf(link).stream())
        .mapToInt(Integer::intValue)
        .max()
        .orElse(Integer.MAX_VALUE);
  }

  private List<Integer> readersOf(int map) {
    return readers.getOrDefault(map, List.of());
  }
}
