package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Collects an ONNX graph's nodes and constants. Values are known by their names; a node is named as
 * its first output.
 */
final class OnnxGraphBuilder {

  private final GraphProto.Builder graph;
  private final boolean half;
  private final Set<String> shared = new HashSet<>();
  private final Set<String> taken = new HashSet<>();

  /**
   * Begins a graph.
   *
   * @param name the graph's name
   * @param half whether weights have 16 bits
   */
  OnnxGraphBuilder(String name, boolean half) {
    this.graph = GraphProto.newBuilder().setName(name);
    this.half = half;
  }

  /** Adds a node with one output and returns the output's name, numbered where it is taken. */
  String node(String wanted, String op, List<String> inputs, AttributeProto... attributes) {
    String output = wanted;
    for (int i = 2; !taken.add(output); i++) {
      output = wanted + "." + i;
    }
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(op)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  /** Adds a TopK node and returns the names of its values and their positions. */
  List<String> topK(String name, String input, String count, long axis) {
    List<String> outputs = List.of(name + ".values", name + ".positions");
    graph.addNode(
        NodeProto.newBuilder()
            .setName(name)
            .setOpType("TopK")
            .addAllInput(List.of(input, count))
            .addAllOutput(outputs)
            .addAttribute(OnnxAttribute.of("axis", axis)));
    return outputs;
  }

  /** A node that converts elements. */
  String cast(String output, String input, DataType type) {
    return node(output, "Cast", List.of(input), OnnxAttribute.of("to", type.getNumber()));
  }

  /** A node that cuts a range out of one axis. */
  String slice(String output, String input, long axis, long begin, long end) {
    return node(output, "Slice", List.of(input, integers(begin), integers(end), integers(axis)));
  }

  /** The type that the network computes in. */
  DataType type() {
    return half ? DataType.FLOAT16 : DataType.FLOAT;
  }

  /** Tells whether the network computes in 16 bits. */
  boolean half() {
    return half;
  }

  /** Adds what was learned, in the network's type. */
  String weight(String name, float[] values, List<Long> shape) {
    if (!half) {
      return floats(name, values, shape);
    }
    ByteBuffer bytes = littleEndian(values.length, Short.BYTES);
    ShortBuffer halves = bytes.asShortBuffer();
    for (float value : values) {
      halves.put(Half.of(name, value));
    }
    return constant(name, DataType.FLOAT16, bytes, shape);
  }

  /** Adds floats. */
  String floats(String name, float[] values, List<Long> shape) {
    ByteBuffer bytes = littleEndian(values.length, Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return constant(name, DataType.FLOAT, bytes, shape);
  }

  /** Adds a float without dimensions, once. */
  String number(float value) {
    String name = "number_" + value;
    return shared.add(name) ? floats(name, new float[] {value}, List.of()) : name;
  }

  /** Adds a list of floats, once. */
  String numbers(float... values) {
    StringJoiner name = new StringJoiner("_", "numbers_", "");
    for (float value : values) {
      name.add(String.valueOf(value));
    }
    return shared.add(name.toString())
        ? floats(name.toString(), values, List.of((long) values.length))
        : name.toString();
  }

  /** Adds a list of integers, once. */
  String integers(long... values) {
    String name =
        Arrays.stream(values)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("_", "integers_", ""));
    return shared.add(name) ? integers(name, values, List.of((long) values.length)) : name;
  }

  /** Adds an integer without dimensions, once. */
  String integer(long value) {
    String name = "integer_" + value;
    return shared.add(name) ? integers(name, new long[] {value}, List.of()) : name;
  }

  /** Adds integers. */
  String integers(String name, long[] values, List<Long> shape) {
    ByteBuffer bytes = littleEndian(values.length, Long.BYTES);
    bytes.asLongBuffer().put(values);
    return constant(name, DataType.INT64, bytes, shape);
  }

  private static ByteBuffer littleEndian(int count, int size) {
    return ByteBuffer.allocate(Math.multiplyExact(count, size)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String constant(String name, DataType type, ByteBuffer bytes, List<Long> shape) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .addAllDims(shape)
            .setRawData(UnsafeByteOperations.unsafeWrap(bytes)));
    return name;
  }

  /**
   * Declares an input.
   *
   * @param shape numbers, or names of dimensions that are left open
   */
  void input(String name, DataType type, String meaning, List<Object> shape) {
    graph.addInput(value(name, type, meaning, shape));
  }

  /** Declares an output, as {@link #input} does. */
  void output(String name, DataType type, String meaning, List<Object> shape) {
    graph.addOutput(value(name, type, meaning, shape));
  }

  private static ValueInfoProto value(
      String name, DataType type, String meaning, List<Object> shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (Object dimension : shape) {
      TensorShapeProto.Dimension.Builder added = dimensions.addDimBuilder();
      if (dimension instanceof Number number) {
        added.setDimValue(number.longValue());
      } else {
        added.setDimParam(dimension.toString());
      }
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(dimensions);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setDocString(meaning)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  GraphProto build() {
    return graph.build();
  }
}
