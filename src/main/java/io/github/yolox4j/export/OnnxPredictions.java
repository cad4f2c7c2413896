package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.yolox4j.model.BoxCoding;
import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.Prediction;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes how the levels' maps become one list of predictions, in 32 bits.
 *
 * @param anySize whether the picture's size is known only when the model runs
 */
record OnnxPredictions(OnnxGraphBuilder graph, boolean anySize) {

  private static final AttributeProto CHANNELS = OnnxAttribute.of("axis", 1);
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  /**
   * Adds the nodes.
   *
   * @param results the names of the layers' results
   * @param decoded whether boxes become pixels
   * @param name the name of the predictions, [B, A, 5 + classes]
   */
  String add(Network network, List<String> results, boolean decoded, String name) {
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < network.predictions().size(); i++) {
      Prediction prediction = network.predictions().get(i);
      String level = name(network, i);
      String boxes = part(network, results, prediction.boxes());
      String objectness = part(network, results, prediction.objectness());
      String classes = part(network, results, prediction.classes());
      List<String> map =
          List.of(
              decoded ? decode(level, boxes, prediction, network) : boxes,
              new OnnxArithmetic(graph, level + ".objectness").sigmoid(objectness),
              new OnnxArithmetic(graph, level + ".classes").sigmoid(classes));
      String joined = graph.node(level + ".map", "Concat", map, CHANNELS);
      int numbers = Prediction.BOX + 1 + network.spec().classes();
      String shape = graph.integers(0, numbers, -1);
      levels.add(graph.node(level + ".points", "Reshape", List.of(joined, shape)));
    }
    String points = graph.node("points", "Concat", levels, OnnxAttribute.of("axis", 2));
    return graph.node(name, "Transpose", List.of(points), OnnxAttribute.ints("perm", 0, 2, 1));
  }

  private static String name(Network network, int place) {
    int stride = network.predictions().get(place).stride();
    boolean only = network.predictions().stream().filter(p -> p.stride() == stride).count() == 1;
    return "stride" + stride + (only ? "" : "." + place);
  }

  /** Some channels of a layer's result, in 32 bits. */
  private String part(Network network, List<String> results, Channels channels) {
    String map = floats(results.get(channels.layer()));
    if (channels.count() == network.layers().get(channels.layer()).channels()) {
      return map;
    }
    int end = channels.first() + channels.count();
    return graph.slice(map + "." + channels.first(), map, 1, channels.first(), end);
  }

  private String floats(String map) {
    return graph.half() ? graph.cast(map + ".floats", map, DataType.FLOAT) : map;
  }

  private String decode(String level, String boxes, Prediction prediction, Network network) {
    BoxCoding coding = prediction.coding();
    int stride = prediction.stride();
    String shape = anySize ? graph.node(level + ".shape", "Shape", List.of(boxes)) : "";
    int width = network.spec().inputWidth() / stride;
    int height = network.spec().inputHeight() / stride;
    String columns = grid(level + ".columns", shape, COLUMNS, width);
    String rows = grid(level + ".rows", shape, ROWS, height);
    String scale = graph.number(stride);
    String logSize = graph.slice(level + ".log_size", boxes, 1, 2, 4);
    String size =
        coding.size(new OnnxArithmetic(graph, level + ".size"), logSize, prior(level, prediction));
    String dx = graph.slice(level + ".dx", boxes, 1, 0, 1);
    String x = coding.centre(new OnnxArithmetic(graph, level + ".x"), dx, columns, scale);
    String dy = graph.slice(level + ".dy", boxes, 1, 1, 2);
    String y = coding.centre(new OnnxArithmetic(graph, level + ".y"), dy, rows, scale);
    return graph.node(level + ".boxes", "Concat", List.of(x, y, size), CHANNELS);
  }

  private String prior(String level, Prediction prediction) {
    float width = (float) prediction.prior().width();
    float height = (float) prediction.prior().height();
    return width == height
        ? graph.number(width)
        : graph.floats(level + ".prior", new float[] {width, height}, List.of(1L, 2L, 1L, 1L));
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
