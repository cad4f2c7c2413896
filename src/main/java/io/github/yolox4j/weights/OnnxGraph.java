package io.github.yolox4j.weights;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.yolox4j.model.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks an ONNX graph's nodes for its convolutions and how they feed one another. */
final class OnnxGraph {

  private static final Set<String> QUANTISED =
      Set.of(
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "QLinearConv",
          "ConvInteger");

  /** ONNX's defaults. */
  private static final float NORM_EPSILON = 1e-5f;

  private static final float LEAKY_SLOPE = 0.01f;

  private final MappedFile file;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Dataflow dataflow = new Dataflow();
  private final List<OnnxConvolution> convolutions = new ArrayList<>();
  private final Set<Activation> activations = EnumSet.noneOf(Activation.class);

  /** The vertex of every value that is not constant. */
  private final Map<String, Integer> values = new HashMap<>();

  /** The convolution that a value comes from directly. */
  private final Map<String, Integer> fromConvolution = new HashMap<>();

  OnnxGraph(MappedFile file, GraphProto graph) {
    this.file = file;
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    graph.getInputList().forEach(input -> values.put(input.getName(), dataflow.picture()));
    graph.getNodeList().forEach(this::add);
  }

  /** The convolutions in the file's order. */
  List<OnnxConvolution> convolutions() {
    return convolutions;
  }

  /** How {@link #convolutions} feed one another, in the same order. */
  Dataflow dataflow() {
    return dataflow.pruned();
  }

  /** The activation function; the predictions' sigmoid shows in every model. */
  Activation activation() {
    if (activations.contains(Activation.LRELU)) {
      return Activation.LRELU;
    }
    return activations.contains(Activation.RELU) ? Activation.RELU : Activation.SILU;
  }

  private void add(NodeProto node) {
    String op = node.getOpType();
    if (QUANTISED.contains(op)) {
      throw file.broken(
          "it is a quantised model (node %s is a %s); expected one with floating-point weights"
              .formatted(name(node), op));
    }
    if (node.getOutputCount() == 0) {
      return;
    }
    switch (op) {
      case "Constant" ->
          attribute(node, "value").ifPresent(a -> constants.put(node.getOutput(0), a.getT()));
      case "Identity", "Cast" -> rename(node);
      case "Conv" -> addConvolution(node);
      case "BatchNormalization" -> addNorm(node);
      case "Relu" -> activate(node, Activation.RELU);
      case "LeakyRelu" -> {
        float slope = attribute(node, "alpha").map(AttributeProto::getF).orElse(LEAKY_SLOPE);
        if (slope == (float) Activation.LEAKY_SLOPE) {
          activate(node, Activation.LRELU);
        } else {
          set(node, foreign(node));
        }
      }
      case "Sigmoid", "Swish", "MaxPool", "Resize", "Upsample", "Dropout" -> set(node, input(node));
      case "Slice" -> set(node, isPicture(input(node)) ? input(node) : foreign(node));
      case "Concat" -> set(node, concatenate(node));
      case "Add", "Sum", "Mul", "Sub", "Div" -> set(node, combine(node));
      default -> {
        int vertex = foreign(node);
        node.getOutputList().forEach(output -> values.put(output, vertex));
      }
    }
  }

  private void rename(NodeProto node) {
    if (constants.containsKey(inputName(node, 0))) {
      constants.put(node.getOutput(0), constants.get(inputName(node, 0)));
    } else {
      set(node, input(node));
    }
  }

  private void activate(NodeProto node, Activation activation) {
    activations.add(activation);
    set(node, input(node));
  }

  private int concatenate(NodeProto node) {
    List<Integer> parts = variables(node);
    return parts.isEmpty() || parts.size() < node.getInputCount()
        ? foreign(node)
        : dataflow.concatenation(parts);
  }

  /** Arithmetic with a constant is for the picture only: elsewhere it would belong to weights. */
  private int combine(NodeProto node) {
    List<Integer> terms = variables(node);
    long distinct = terms.stream().distinct().count();
    if (distinct == 1 && isPicture(terms.get(0))) {
      return terms.get(0);
    }
    if (terms.size() == node.getInputCount()) {
      boolean adds = node.getOpType().equals("Add") || node.getOpType().equals("Sum");
      if (adds && distinct > 1) {
        return dataflow.sum(terms);
      }
      // SiLU: a value times its sigmoid
      if (node.getOpType().equals("Mul") && distinct == 1) {
        return terms.get(0);
      }
    }
    return foreign(node);
  }

  private void addConvolution(NodeProto node) {
    String weightName = inputName(node, 1);
    WeightArray weight = constant(node, 1, "weight");
    long[] shape = weight.shape();
    if (shape.length != 4 || Arrays.stream(shape).anyMatch(length -> length < 1)) {
      throw file.broken(
          "the weight of convolution %s has the shape %s; expected four dimensions of at least 1"
              .formatted(name(node), Arrays.toString(shape)));
    }
    Optional<WeightArray> bias = Optional.empty();
    if (!inputName(node, 2).isEmpty()) {
      bias = Optional.of(vector(node, 2, "bias", shape[0]));
    }
    long groups = attribute(node, "group").map(AttributeProto::getI).orElse(1L);
    String label = label(node, shape, groups);
    fromConvolution.put(node.getOutput(0), convolutions.size());
    convolutions.add(
        new OnnxConvolution(
            name(node),
            constants.get(weightName).getName(),
            label,
            weight,
            groups,
            bias,
            Optional.empty()));
    set(node, dataflow.convolution(label, input(node)));
  }

  private static String label(NodeProto node, long[] shape, long groups) {
    List<Long> strides = ints(node, "strides", List.of(1L, 1L));
    List<Long> pads = ints(node, "pads", List.of(0L, 0L, 0L, 0L));
    List<Long> dilations = ints(node, "dilations", List.of(1L, 1L));
    String autoPad = attribute(node, "auto_pad").map(a -> a.getS().toStringUtf8()).orElse("NOTSET");
    boolean even =
        strides.equals(List.of(strides.get(0), strides.get(0)))
            && pads.equals(List.of(pads.get(0), pads.get(0), pads.get(0), pads.get(0)))
            && dilations.equals(List.of(1L, 1L))
            && autoPad.equals("NOTSET");
    List<Long> weightShape = Arrays.stream(shape).boxed().toList();
    return even
        ? Dataflow.label(weightShape, groups, strides.get(0), pads.get(0))
        : "%s groups %d strides %s paddings %s %s dilations %s"
            .formatted(weightShape, groups, strides, pads, autoPad, dilations);
  }

  private void addNorm(NodeProto node) {
    Integer index = fromConvolution.remove(inputName(node, 0));
    if (index == null) {
      set(node, foreign(node));
      return;
    }
    OnnxConvolution convolution = convolutions.get(index);
    long outputs = convolution.outputs();
    convolutions.set(
        index,
        convolution.followedBy(
            new OnnxConvolution.Norm(
                vector(node, 1, "scale", outputs),
                vector(node, 2, "bias", outputs),
                vector(node, 3, "mean", outputs),
                vector(node, 4, "variance", outputs),
                attribute(node, "epsilon").map(AttributeProto::getF).orElse(NORM_EPSILON))));
    set(node, input(node));
  }

  private WeightArray vector(NodeProto node, int input, String what, long length) {
    WeightArray array = constant(node, input, what);
    if (!Arrays.equals(array.shape(), new long[] {length})) {
      throw file.broken(
          "the %s of node %s has the shape %s; expected [%d]"
              .formatted(what, name(node), Arrays.toString(array.shape()), length));
    }
    return array;
  }

  private WeightArray constant(NodeProto node, int input, String what) {
    String name = inputName(node, input);
    if (!constants.containsKey(name)) {
      throw file.broken(
          ("the %s of node %s is not stored but computed from '%s';"
                  + " export the model with folded constants")
              .formatted(what, name(node), name));
    }
    return OnnxTensors.array(file, name, constants.get(name));
  }

  private void set(NodeProto node, int vertex) {
    values.put(node.getOutput(0), vertex);
  }

  /** The vertex of a node's first input; further ones are sizes and the like. */
  private int input(NodeProto node) {
    return value(inputName(node, 0));
  }

  /** The vertices of a node's inputs without the constant ones. */
  private List<Integer> variables(NodeProto node) {
    return node.getInputList().stream()
        .filter(name -> !constants.containsKey(name))
        .map(this::value)
        .toList();
  }

  private int foreign(NodeProto node) {
    return dataflow.foreign("node %s, a %s,".formatted(name(node), node.getOpType()));
  }

  private int value(String name) {
    return values.computeIfAbsent(
        name,
        _ -> dataflow.foreign("value '%s', which no node before it computes,".formatted(name)));
  }

  private boolean isPicture(int vertex) {
    return vertex == dataflow.picture();
  }

  private static String inputName(NodeProto node, int input) {
    return input < node.getInputCount() ? node.getInput(input) : "";
  }

  private static Optional<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  private static List<Long> ints(NodeProto node, String name, List<Long> absent) {
    List<Long> values =
        attribute(node, name).map(AttributeProto::getIntsList).orElse(absent).stream().toList();
    return values.isEmpty() ? absent : values;
  }

  private static String name(NodeProto node) {
    return "'%s'".formatted(node.getName().isEmpty() ? node.getOutput(0) : node.getName());
  }
}
