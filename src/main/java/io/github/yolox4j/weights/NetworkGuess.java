package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Backbone;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.SpecInference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tells which network convolutions without names may be those of: the first tells the backbone and
 * its width, their number the depth, the last ones the classes. Whether they are is for {@link
 * DataflowMatch} to say.
 */
final class NetworkGuess {

  /** The most bottlenecks that depth factors up to 10 make. */
  private static final int MAX_BASE_DEPTH = 30;

  private static final int BOX_VALUES = 4;

  private NetworkGuess() {}

  /** A guess by the names of the kernels' initialisers. */
  static Optional<Network> named(List<OnnxConvolution> convolutions) {
    Map<String, long[]> shapes = new HashMap<>();
    convolutions.forEach(c -> shapes.put(c.weightName(), c.weight().shape()));
    return network(shapes)
        .filter(network -> network.convolutions().size() == convolutions.size())
        .filter(
            network ->
                network.convolutions().stream().allMatch(c -> shapes.containsKey(c.weightKey())));
  }

  /**
   * A guess by shapes.
   *
   * @param last positions of the convolutions that no other reads
   */
  static Optional<Network> unnamed(
      List<OnnxConvolution> convolutions, List<Integer> last, Activation activation) {
    Optional<Integer> classes = classes(last.stream().map(convolutions::get).toList());
    if (classes.isEmpty()) {
      return Optional.empty();
    }
    long[] stem = convolutions.get(0).weight().shape();
    boolean depthwise = convolutions.stream().anyMatch(c -> c.groups() > 1);
    Stream<ModelSpec> darknets =
        Stream.of(Backbone.DARKNET53, Backbone.DARKNET21)
            .flatMap(b -> spec(b, 1, 1, false, activation, stem[1], classes.get()));
    // every depth that makes a difference: a third makes one bottleneck
    Stream<ModelSpec> cspDarknets =
        IntStream.rangeClosed(0, stem[1] % 4 == 0 ? MAX_BASE_DEPTH : -1)
            .mapToObj(bottlenecks -> Math.max(0.1, bottlenecks / 3.0))
            .flatMap(
                depth ->
                    spec(
                        Backbone.CSP_DARKNET,
                        depth,
                        stem[0] / 64.0,
                        depthwise,
                        activation,
                        stem[1] / 4,
                        classes.get()));
    return Stream.concat(darknets, cspDarknets)
        .map(Network::of)
        .filter(network -> network.convolutions().size() == convolutions.size())
        .findFirst()
        .map(network -> network(shapes(network)).orElse(network));
  }

  private static Stream<ModelSpec> spec(
      Backbone backbone,
      double depth,
      double width,
      boolean depthwise,
      Activation activation,
      long inputChannels,
      int classes) {
    try {
      return Stream.of(
          new ModelSpec(
              backbone == Backbone.CSP_DARKNET ? "custom" : backbone.name(),
              backbone,
              depth,
              width,
              depthwise,
              activation,
              Math.toIntExact(inputChannels),
              classes,
              OfficialModel.S.spec().inputHeight(),
              OfficialModel.S.spec().inputWidth()));
    } catch (YoloxException _) {
      return Stream.empty();
    }
  }

  /** What three levels predict, when four box values and one objectness of each are taken off. */
  private static Optional<Integer> classes(List<OnnxConvolution> predictions) {
    List<Long> outputs =
        new ArrayList<>(predictions.stream().map(OnnxConvolution::outputs).toList());
    for (int level = 0; level < 3; level++) {
      if (!outputs.remove((Long) (long) BOX_VALUES) || !outputs.remove((Long) 1L)) {
        return Optional.empty();
      }
    }
    return outputs.size() == 3 && outputs.stream().distinct().count() == 1
        ? Optional.of(Math.toIntExact(outputs.get(0)))
        : Optional.empty();
  }

  private static Map<String, long[]> shapes(Network network) {
    Map<String, long[]> shapes = new HashMap<>();
    network
        .stateDict()
        .forEach(e -> shapes.put(e.key(), e.shape().stream().mapToLong(l -> l).toArray()));
    return shapes;
  }

  private static Optional<Network> network(Map<String, long[]> shapes) {
    return SpecInference.infer(shapes).map(Network::of);
  }
}
