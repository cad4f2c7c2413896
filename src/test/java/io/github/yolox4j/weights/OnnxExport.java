package io.github.yolox4j.weights;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.Prediction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Writes a network with made-up weights as an ONNX file, as various exporters do. */
final class OnnxExport {

  /** The tensors of a convolution by what they are: weight, bias, scale, mean, variance. */
  private final Map<Convolution, Map<String, float[]>> values = new HashMap<>();

  private final Network network;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> tensors = new ArrayList<>();
  private boolean named;
  private boolean normalised;
  private float epsilon = 1e-3f;
  private int constants;

  OnnxExport(Network network) {
    this.network = network;
    Random random = new Random(1);
    for (Convolution c : network.convolutions()) {
      int inputs = c.inputChannels() / c.groups() * c.kernel() * c.kernel();
      Map<String, float[]> of = new HashMap<>();
      of.put("weight", random(random, c.outputChannels() * inputs));
      for (String vector : List.of("bias", "scale", "mean", "variance")) {
        of.put(vector, random(random, c.outputChannels()));
      }
      values.put(c, of);
    }
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() + 0.1f;
    }
    return values;
  }

  /** Keeps the official names of the kernels. */
  OnnxExport named() {
    named = true;
    return this;
  }

  /** Leaves BatchNorm as nodes of its own, with this epsilon. */
  OnnxExport normalised(float withEpsilon) {
    normalised = true;
    epsilon = withEpsilon;
    return this;
  }

  float[] value(Convolution convolution, String what) {
    return values.get(convolution).get(what);
  }

  ModelProto.Builder build() {
    String[] names = new String[network.layers().size()];
    for (int i = 0; i < names.length; i++) {
      List<String> in = network.layers().get(i).inputs().stream().map(j -> names[j]).toList();
      String out = "v" + i;
      names[i] = out;
      switch (network.layers().get(i)) {
        case Layer.Input _, Layer.Standardise _ -> {}
        case Layer.SpaceToDepth _ -> {
          String[] parts = new String[4];
          for (int p = 0; p < 4; p++) {
            parts[p] = out + "part" + p;
            node("Slice", parts[p], in.get(0), constant(), constant(), constant());
          }
          node("Concat", out, parts);
        }
        case Layer.Conv conv -> convolution(conv.convolution(), in.get(0), out);
        case Layer.MaxPool _ -> node("MaxPool", out, in.get(0));
        case Layer.Upsample _ -> node("Resize", out, in.get(0), "", constant());
        case Layer.Concat _ -> node("Concat", out, in.toArray(String[]::new));
        case Layer.Add _ -> node("Add", out, in.toArray(String[]::new));
      }
    }
    for (Prediction level : network.predictions()) {
      String out = "level" + level.stride();
      node("Sigmoid", out + "cls", names[level.classes().layer()]);
      node("Sigmoid", out + "obj", names[level.objectness().layer()]);
      node("Concat", out, names[level.boxes().layer()], out + "obj", out + "cls");
      node("Reshape", out + "flat", out, constant());
    }
    node("Concat", "output", "level8flat", "level16flat", "level32flat");
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(ValueInfoProto.newBuilder().setName(names[0]))
            .addAllNode(nodes)
            .addAllInitializer(tensors);
    return ModelProto.newBuilder().setIrVersion(7).setProducerName("test").setGraph(graph);
  }

  private void convolution(Convolution c, String in, String out) {
    String key = named ? c.weightKey() : "onnx::Conv_" + tensors.size();
    tensors.add(tensor(key, value(c, "weight"), c.weightShape().toArray(Long[]::new)));
    boolean norm = normalised && c.normalised();
    String raw = c.normalised() ? out + "raw" : out;
    List<String> inputs = new ArrayList<>(List.of(in, key));
    if (!norm) {
      inputs.add(vector(c, "bias"));
    }
    nodes.add(
        NodeProto.newBuilder()
            .setOpType("Conv")
            .setName("/" + c.key())
            .addAllInput(inputs)
            .addOutput(raw)
            .addAttribute(integers("strides", c.step(), 2))
            .addAttribute(integers("pads", c.kernel() / 2, 4))
            .addAttribute(AttributeProto.newBuilder().setName("group").setI(c.groups()))
            .build());
    if (!c.normalised()) {
      return;
    }
    if (norm) {
      nodes.add(
          NodeProto.newBuilder()
              .setOpType("BatchNormalization")
              .addAllInput(List.of(raw, vector(c, "scale"), vector(c, "bias")))
              .addAllInput(List.of(vector(c, "mean"), vector(c, "variance")))
              .addOutput(raw + "norm")
              .addAttribute(AttributeProto.newBuilder().setName("epsilon").setF(epsilon))
              .build());
      raw += "norm";
    }
    switch (c.activation().orElseThrow()) {
      case SILU -> {
        node("Sigmoid", out + "gate", raw);
        node("Mul", out, raw, out + "gate");
      }
      case RELU -> node("Relu", out, raw);
      case LRELU ->
          nodes.add(
              node("LeakyRelu", List.of(raw), out)
                  .addAttribute(
                      AttributeProto.newBuilder()
                          .setName("alpha")
                          .setF((float) Activation.LEAKY_SLOPE))
                  .build());
    }
  }

  private String vector(Convolution c, String what) {
    String name = c.key() + "/" + what;
    tensors.add(tensor(name, value(c, what), (long) c.outputChannels()));
    return name;
  }

  private String constant() {
    String name = "constant" + constants++;
    tensors.add(
        TensorProto.newBuilder()
            .setName(name)
            .addDims(1)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addInt64Data(1)
            .build());
    return name;
  }

  private void node(String op, String output, String... inputs) {
    nodes.add(node(op, List.of(inputs), output).build());
  }

  static NodeProto.Builder node(String op, List<String> inputs, String output) {
    return NodeProto.newBuilder().setOpType(op).addAllInput(inputs).addOutput(output);
  }

  private static AttributeProto integers(String name, long value, int count) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    for (int i = 0; i < count; i++) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static TensorProto tensor(String name, float[] values, Long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return TensorProto.newBuilder()
        .setName(name)
        .addAllDims(List.of(shape))
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /** The same model with its nodes in another order, each still behind those that it reads. */
  static void shuffle(GraphProto.Builder graph, Random random) {
    List<NodeProto> waiting = new ArrayList<>(graph.getNodeList());
    Set<String> known = new HashSet<>(Set.of(""));
    graph.getInputList().forEach(input -> known.add(input.getName()));
    graph.getInitializerList().forEach(tensor -> known.add(tensor.getName()));
    graph.clearNode();
    while (!waiting.isEmpty()) {
      List<NodeProto> ready =
          waiting.stream().filter(n -> known.containsAll(n.getInputList())).toList();
      NodeProto next = ready.get(random.nextInt(ready.size()));
      waiting.remove(next);
      known.addAll(next.getOutputList());
      graph.addNode(next);
    }
  }

  static Path write(ModelProto.Builder model, Path folder) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
  }
}
