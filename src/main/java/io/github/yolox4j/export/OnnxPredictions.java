package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import java.util.ArrayList;
import java.util.List;

/** Writes how the levels' maps become one list of predictions, in 32 bits. */
final class OnnxPredictions {

  private static final AttributeProto CHANNELS = OnnxAttribute.of("axis", 1);
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private final OnnxGraphBuilder graph;
  private final boolean anySize;

  /**
   * Begins.
   *
   * @param anySize whether the picture's size is known only when the model runs
   */
  OnnxPredictions(OnnxGraphBuilder graph, boolean anySize) {
    this.graph = graph;
    this.anySize = anySize;
  }

  /**
   * Adds the nodes.
   *
   * @param results the names of the layers' results
   * @param decoded whether boxes become pixels
   * @param name the name of the predictions, [B, A, 5 + classes]
   */
  String add(Network network, List<String> results, boolean decoded, String name) {
    ModelSpec spec = network.spec();
    List<String> levels = new ArrayList<>();
    for (Network.Level level : network.levels()) {
      String stride = "stride" + level.stride();
      String boxes = floats(results.get(level.boxes()));
      String objectness = floats(results.get(level.objectness()));
      String classes = floats(results.get(level.classes()));
      List<String> map =
          List.of(
              decoded ? decode(stride, boxes, level.stride(), spec) : boxes,
              graph.node(stride + ".objectness", "Sigmoid", List.of(objectness)),
              graph.node(stride + ".classes", "Sigmoid", List.of(classes)));
      String joined = graph.node(stride + ".map", "Concat", map, CHANNELS);
      String shape = graph.integers(0, 5 + spec.classes(), -1);
      levels.add(graph.node(stride + ".points", "Reshape", List.of(joined, shape)));
    }
    String points = graph.node("points", "Concat", levels, OnnxAttribute.of("axis", 2));
    return graph.node(name, "Transpose", List.of(points), OnnxAttribute.ints("perm", 0, 2, 1));
  }

  private String floats(String map) {
    return graph.half() ? graph.cast(map + ".floats", map, DataType.FLOAT) : map;
  }

  private String decode(String level, String boxes, int stride, ModelSpec spec) {
    String shape = anySize ? graph.node(level + ".shape", "Shape", List.of(boxes)) : "";
    String columns = grid(level + ".columns", shape, COLUMNS, spec.inputWidth() / stride);
    String rows = grid(level + ".rows", shape, ROWS, spec.inputHeight() / stride);
    String scale = graph.number(stride);
    String size =
        graph.node(
            level + ".relative_size",
            "Exp",
            List.of(graph.slice(level + ".log_size", boxes, 1, 2, 4)));
    List<String> parts =
        List.of(
            centre(level + ".x", graph.slice(level + ".dx", boxes, 1, 0, 1), columns, scale),
            centre(level + ".y", graph.slice(level + ".dy", boxes, 1, 1, 2), rows, scale),
            graph.node(level + ".size", "Mul", List.of(size, scale)));
    return graph.node(level + ".boxes", "Concat", parts, CHANNELS);
  }

  private String centre(String name, String offset, String grid, String stride) {
    String moved = graph.node(name + ".moved", "Add", List.of(offset, grid));
    return graph.node(name, "Mul", List.of(moved, stride));
  }

  /** 0, 1, ... along one axis of [1, 1, H, W]. */
  private String grid(String name, String shape, int axis, int length) {
    if (!anySize) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = i;
      }
      List<Long> dimensions = new ArrayList<>(List.of(1L, 1L, 1L, 1L));
      dimensions.set(axis, (long) length);
      return graph.floats(name, values, dimensions);
    }
    String end = graph.node(name + ".end", "Gather", List.of(shape, graph.integer(axis)));
    String range =
        graph.node(name + ".range", "Range", List.of(graph.integer(0), end, graph.integer(1)));
    String floats = graph.cast(name + ".floats", range, DataType.FLOAT);
    String others = graph.integers(0, 1, axis == ROWS ? COLUMNS : ROWS);
    return graph.node(name, "Unsqueeze", List.of(floats, others));
  }
}
