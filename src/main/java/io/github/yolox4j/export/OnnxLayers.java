package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import java.util.ArrayList;
import java.util.List;

/** Writes a network's layers. Layers without weights are named by their place in the network. */
record OnnxLayers(OnnxGraphBuilder graph, OnnxConvolutions convolutions) {

  /** Where a slice ends that goes to the end. */
  private static final long END = Long.MAX_VALUE;

  private static final AttributeProto CHANNELS = OnnxAttribute.of("axis", 1);

  /**
   * Adds all layers.
   *
   * @param picture the name of what the network reads, [B, C, H, W]
   * @return the name of every layer's result
   */
  List<String> add(Network network, String picture) {
    boolean standardised = network.standardised();
    List<String> results = new ArrayList<>();
    for (Layer layer : network.layers()) {
      List<String> inputs = layer.inputs().stream().map(results::get).toList();
      int place = results.size();
      results.add(
          switch (layer) {
            case Layer.Input _ -> standardised ? picture : inType(picture);
            case Layer.Standardise _ -> inType(standardise(picture));
            case Layer.SpaceToDepth _ -> spaceToDepth(inputs.getFirst());
            case Layer.Conv conv ->
                convolutions.addActivated(graph, conv.convolution(), inputs.getFirst());
            case Layer.MaxPool pool -> maxPool("maxpool." + place, pool.kernel(), inputs);
            case Layer.Upsample _ -> upsample("upsample." + place, inputs.getFirst());
            case Layer.Concat _ -> graph.node("concat." + place, "Concat", inputs, CHANNELS);
            case Layer.Add _ -> graph.node("add." + place, "Add", inputs);
          });
    }
    return results;
  }

  /** Pictures come in 32 bits. */
  private String inType(String picture) {
    return graph.half() ? graph.cast("picture.half", picture, graph.type()) : picture;
  }

  private String standardise(String bgr) {
    String rgb =
        graph.node(
            "picture.rgb",
            "Gather",
            List.of(bgr, graph.integers(2, 1, 0)),
            OnnxAttribute.of("axis", 1));
    String unit = graph.node("picture.unit", "Div", List.of(rgb, graph.number(InputScaling.FULL)));
    String mean = perChannel("picture.mean", InputScaling.MEAN);
    String deviation = perChannel("picture.deviation", InputScaling.DEVIATION);
    String centred = graph.node("picture.centred", "Sub", List.of(unit, mean));
    return graph.node("picture.scaled", "Div", List.of(centred, deviation));
  }

  private String perChannel(String name, List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return graph.floats(name, floats, List.of(1L, (long) floats.length, 1L, 1L));
  }

  private String spaceToDepth(String input) {
    List<String> pixels =
        List.of(
            pixels("focus.top_left", input, 0, 0),
            pixels("focus.bottom_left", input, 1, 0),
            pixels("focus.top_right", input, 0, 1),
            pixels("focus.bottom_right", input, 1, 1));
    return graph.node("focus", "Concat", pixels, CHANNELS);
  }

  /** Every other row and column. */
  private String pixels(String name, String input, long row, long column) {
    List<String> inputs =
        List.of(
            input,
            graph.integers(row, column),
            graph.integers(END, END),
            graph.integers(2, 3),
            graph.integers(2, 2));
    return graph.node(name, "Slice", inputs);
  }

  private String maxPool(String name, int kernel, List<String> inputs) {
    return graph.node(
        name,
        "MaxPool",
        inputs,
        OnnxAttribute.repeated("kernel_shape", kernel, 2),
        OnnxAttribute.repeated("strides", 1, 2),
        OnnxAttribute.repeated("pads", kernel / 2, 4));
  }

  private String upsample(String name, String input) {
    String scales = graph.numbers(1, 1, 2, 2);
    return graph.node(
        name,
        "Resize",
        List.of(input, "", scales),
        OnnxAttribute.of("mode", "nearest"),
        OnnxAttribute.of("coordinate_transformation_mode", "asymmetric"),
        OnnxAttribute.of("nearest_mode", "floor"));
  }
}
