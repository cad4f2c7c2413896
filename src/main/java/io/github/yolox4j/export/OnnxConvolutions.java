package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.weights.FoldedConvolution;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.WeightArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes convolutions with what follows them. Kernels keep their official names, by which this
 * program's reader knows them.
 */
sealed interface OnnxConvolutions {

  /** Adds a convolution, without its activation, and returns its result's name. */
  String add(OnnxGraphBuilder graph, Convolution convolution, String input);

  /** Convolutions with BatchNorm folded in. */
  record Folded(FoldedNetwork network) implements OnnxConvolutions {
    @Override
    public String add(OnnxGraphBuilder graph, Convolution convolution, String input) {
      FoldedConvolution folded = network.of(convolution);
      String biasKey =
          convolution.normalised() ? convolution.key() + ".conv.bias" : convolution.biasKey();
      return node(
          graph,
          convolution,
          input,
          graph.weight(convolution.weightKey(), folded.weight(), convolution.weightShape()),
          graph.weight(biasKey, folded.bias(), channels(convolution)));
    }
  }

  /**
   * Convolutions with BatchNorm as a node of its own.
   *
   * @param arrays the state dict
   */
  record Normalised(Map<String, WeightArray> arrays) implements OnnxConvolutions {

    /** The rest of a BatchNorm's tensors are counters. */
    private static final List<String> NORM =
        List.of("weight", "bias", "running_mean", "running_var");

    @Override
    public String add(OnnxGraphBuilder graph, Convolution convolution, String input) {
      String weight = array(graph, convolution.weightKey(), convolution.weightShape());
      List<Long> channels = channels(convolution);
      if (!convolution.normalised()) {
        String bias = array(graph, convolution.biasKey(), channels);
        return node(graph, convolution, input, weight, bias);
      }
      List<String> inputs = new ArrayList<>();
      inputs.add(node(graph, convolution, input, weight));
      NORM.forEach(tensor -> inputs.add(array(graph, convolution.normKey(tensor), channels)));
      return graph.node(
          convolution.key() + ".bn",
          "BatchNormalization",
          inputs,
          OnnxAttribute.of("epsilon", (float) Convolution.NORM_EPSILON));
    }

    private String array(OnnxGraphBuilder graph, String key, List<Long> shape) {
      return graph.weight(key, arrays.get(key).toFloats(), shape);
    }
  }

  private static List<Long> channels(Convolution convolution) {
    return List.of((long) convolution.outputChannels());
  }

  private static String node(
      OnnxGraphBuilder graph, Convolution convolution, String input, String... weights) {
    List<String> inputs = new ArrayList<>(List.of(input));
    inputs.addAll(List.of(weights));
    return graph.node(
        convolution.key() + (convolution.normalised() ? ".conv" : ""),
        "Conv",
        inputs,
        OnnxAttribute.repeated("kernel_shape", convolution.kernel(), 2),
        OnnxAttribute.repeated("strides", convolution.step(), 2),
        OnnxAttribute.repeated("pads", convolution.padding(), 4),
        OnnxAttribute.of("group", convolution.groups()));
  }

  /** Adds a convolution with its activation and returns its result's name. */
  default String addActivated(OnnxGraphBuilder graph, Convolution convolution, String input) {
    String linear = add(graph, convolution, input);
    return convolution
        .activation()
        .map(function -> activation(graph, convolution.key(), linear, function))
        .orElse(linear);
  }

  private static String activation(
      OnnxGraphBuilder graph, String key, String input, Activation function) {
    return switch (function) {
      case SILU -> {
        String gate = graph.node(key + ".sigmoid", "Sigmoid", List.of(input));
        yield graph.node(key + ".silu", "Mul", List.of(input, gate));
      }
      case RELU -> graph.node(key + ".relu", "Relu", List.of(input));
      case LRELU -> {
        AttributeProto slope = OnnxAttribute.of("alpha", (float) Activation.LEAKY_SLOPE);
        yield graph.node(key + ".lrelu", "LeakyRelu", List.of(input), slope);
      }
    };
  }
}
