package io.github.yolox4j.weights;

import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How convolutions feed one another: a graph of the picture, the convolutions, and where their
 * results are concatenated or added. What has a single source and no weights (activations, pooling,
 * resizing) is left out, so that exporters' different spellings of it make no difference.
 */
final class Dataflow {

  /** What kind of thing a vertex is. */
  enum Kind {
    PICTURE,
    CONVOLUTION,
    CONCATENATION,
    SUM,
    /** Something that no YOLOX model has. */
    FOREIGN
  }

  /**
   * A value.
   *
   * @param label what it must have in common with its counterpart, for people too
   * @param inputs the vertices read, all earlier ones; of a sum in ascending order
   */
  record Vertex(Kind kind, String label, List<Integer> inputs) {}

  private static final Vertex PICTURE = new Vertex(Kind.PICTURE, "the picture", List.of());

  private final List<Vertex> vertices = new ArrayList<>();

  /** By text, which keeps a map fast where hashes were made to be equal. */
  private final Map<String, Integer> interned = new HashMap<>();

  private final List<Integer> convolutions = new ArrayList<>();

  /** The dataflow of a model; its convolutions are in execution order. */
  static Dataflow of(Network network) {
    Dataflow flow = new Dataflow();
    List<Integer> values = new ArrayList<>();
    for (Layer layer : network.layers()) {
      List<Integer> inputs = layer.inputs().stream().map(values::get).toList();
      values.add(
          switch (layer) {
            case Layer.Input _ -> flow.picture();
            case Layer.Conv conv -> flow.convolution(label(conv.convolution()), inputs.get(0));
            case Layer.Concat _ -> flow.concatenation(inputs);
            case Layer.Add _ -> flow.sum(inputs);
            default -> inputs.get(0); // what has no weights makes no difference
          });
    }
    return flow.pruned();
  }

  static String label(Convolution convolution) {
    return label(
        convolution.weightShape(), convolution.groups(), convolution.step(), convolution.padding());
  }

  static String label(List<Long> weightShape, long groups, long stride, long padding) {
    return "%s groups %d stride %d padding %d".formatted(weightShape, groups, stride, padding);
  }

  int picture() {
    return intern(PICTURE);
  }

  int foreign(String label) {
    vertices.add(new Vertex(Kind.FOREIGN, label, List.of()));
    return vertices.size() - 1;
  }

  int convolution(String label, int input) {
    convolutions.add(vertices.size());
    vertices.add(new Vertex(Kind.CONVOLUTION, label, List.of(input)));
    return vertices.size() - 1;
  }

  /** Parts that are all made of one value count as that value, as in spatial pyramid pooling. */
  int concatenation(List<Integer> parts) {
    return parts.stream().distinct().count() == 1
        ? parts.get(0)
        : intern(new Vertex(Kind.CONCATENATION, parts.size() + " parts", List.copyOf(parts)));
  }

  int sum(List<Integer> terms) {
    return intern(new Vertex(Kind.SUM, terms.size() + " terms", terms.stream().sorted().toList()));
  }

  private int intern(Vertex vertex) {
    return interned.computeIfAbsent(
        "%s %s".formatted(vertex.kind, vertex.inputs),
        _ -> {
          vertices.add(vertex);
          return vertices.size() - 1;
        });
  }

  /** The vertices, each after those that it reads. */
  List<Vertex> vertices() {
    return vertices;
  }

  /** The convolutions' positions among the vertices, in the order in which they were added. */
  List<Integer> convolutions() {
    return convolutions;
  }

  /** Positions among the convolutions of those that no other reads. */
  List<Integer> lastConvolutions() {
    BitSet read = new BitSet();
    vertices.forEach(vertex -> vertex.inputs.forEach(read::set));
    List<Integer> last = new ArrayList<>();
    for (int i = 0; i < convolutions.size(); i++) {
      if (!read.get(convolutions.get(i))) {
        last.add(i);
      }
    }
    return last;
  }

  /** The same without what leads to no convolution: the decoding of predictions. */
  Dataflow pruned() {
    BitSet kept = new BitSet();
    convolutions.forEach(kept::set);
    for (int i = vertices.size() - 1; i >= 0; i--) {
      if (kept.get(i)) {
        vertices.get(i).inputs.forEach(kept::set);
      }
    }
    Dataflow flow = new Dataflow();
    int[] moved = new int[vertices.size()];
    for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
      Vertex vertex = vertices.get(i);
      List<Integer> inputs = vertex.inputs.stream().map(input -> moved[input]).toList();
      moved[i] = flow.vertices.size();
      flow.vertices.add(new Vertex(vertex.kind, vertex.label, inputs));
    }
    convolutions.forEach(convolution -> flow.convolutions.add(moved[convolution]));
    return flow;
  }
}
