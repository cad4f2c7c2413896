package io.github.yolox4j.weights;

import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.weights.Dataflow.Kind;
import io.github.yolox4j.weights.Dataflow.Vertex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Pairs a model's convolutions with a file's by what they read and what reads them, whatever the
 * file's order, by colour refinement: a vertex begins with its label as its colour, and is coloured
 * anew by its neighbours' colours until nothing more is told apart. No two convolutions of a YOLOX
 * model look alike then, so equal colours are the only possible pairs.
 */
final class DataflowMatch {

  /**
   * A vertex as one round sees it.
   *
   * @param readers the colours of those that read it, each with the part that it is to them
   */
  private record Sight(int colour, List<Integer> inputs, List<Long> readers) {}

  private final MappedFile file;
  private final Network network;
  private final Dataflow model;
  private final Dataflow found;
  private final int size;
  private final List<Vertex> vertices = new ArrayList<>();
  private int[] colours;
  private int count;

  private DataflowMatch(MappedFile file, Network network, Dataflow found) {
    this.file = file;
    this.network = network;
    this.model = Dataflow.of(network);
    this.found = found;
    this.size = model.vertices().size();
    vertices.addAll(model.vertices());
    for (Vertex vertex : found.vertices()) {
      List<Integer> inputs = vertex.inputs().stream().map(input -> size + input).toList();
      vertices.add(new Vertex(vertex.kind(), vertex.label(), inputs));
    }
  }

  /**
   * Pairs the convolutions.
   *
   * @param found the file's dataflow, pruned
   * @return by the model's convolution, the position among the file's
   * @throws io.github.yolox4j.YoloxException naming the first convolution without a counterpart
   */
  static Map<Convolution, Integer> of(MappedFile file, Network network, Dataflow found) {
    return new DataflowMatch(file, network, found).pairs();
  }

  private Map<Convolution, Integer> pairs() {
    colour(vertices.stream().map(vertex -> vertex.kind() + vertex.label()).toList());
    requireBalance();
    int before;
    do {
      before = count;
      colour(sights());
      requireBalance();
    } while (count > before);

    Map<Integer, Integer> byColour = new HashMap<>();
    for (int i = 0; i < found.convolutions().size(); i++) {
      int colour = colours[size + found.convolutions().get(i)];
      if (byColour.putIfAbsent(colour, i) != null) {
        throw file.broken(
            "two of its convolutions %s cannot be told apart"
                .formatted(found.vertices().get(found.convolutions().get(i)).label()));
      }
    }
    Map<Convolution, Integer> pairs = new HashMap<>();
    List<Convolution> order = network.executionOrder();
    for (int i = 0; i < order.size(); i++) {
      pairs.put(order.get(i), byColour.get(colours[model.convolutions().get(i)]));
    }
    return pairs;
  }

  /** Gives equal things the same colour, on both sides. */
  private void colour(List<?> things) {
    Map<Object, Integer> known = new HashMap<>();
    colours = things.stream().mapToInt(t -> known.computeIfAbsent(t, _ -> known.size())).toArray();
    count = known.size();
  }

  private List<Sight> sights() {
    List<Sight> sights = new ArrayList<>();
    for (int i = 0; i < vertices.size(); i++) {
      Vertex vertex = vertices.get(i);
      Stream<Integer> inputs = vertex.inputs().stream().map(input -> colours[input]);
      sights.add(
          new Sight(
              colours[i],
              (vertex.kind() == Kind.SUM ? inputs.sorted() : inputs).toList(),
              new ArrayList<>()));
    }
    for (int i = 0; i < vertices.size(); i++) {
      Vertex vertex = vertices.get(i);
      for (int part = 0; part < vertex.inputs().size(); part++) {
        int shown = vertex.kind() == Kind.SUM ? 0 : part;
        long reader = (long) colours[i] << Integer.SIZE | shown;
        sights.get(vertex.inputs().get(part)).readers().add(reader);
      }
    }
    sights.forEach(sight -> Collections.sort(sight.readers()));
    return sights;
  }

  /** Checked in every round, so that the convolution named is one near to where the graphs part. */
  private void requireBalance() {
    int[] surplus = new int[count];
    for (int i = 0; i < colours.length; i++) {
      surplus[colours[i]] += i < size ? 1 : -1;
    }
    List<Convolution> order = network.executionOrder();
    for (int i = 0; i < order.size(); i++) {
      int vertex = model.convolutions().get(i);
      if (surplus[colours[vertex]] != 0) {
        throw file.broken(
            ("its convolutions are almost those of YOLOX model %s,"
                    + " but none fits %s: %s, fed and read as there")
                .formatted(
                    network.spec().name(), order.get(i).key(), vertices.get(vertex).label()));
      }
    }
    for (int i = 0; i < colours.length; i++) {
      if (surplus[colours[i]] != 0) {
        throw file.broken(
            ("its convolutions are those of YOLOX model %s,"
                    + " but joined by other sums and concatenations")
                .formatted(network.spec().name()));
      }
    }
  }
}
