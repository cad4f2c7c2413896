package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import java.util.List;

/** A whole ONNX model in memory. */
final class OnnxModel {

  /** The name of an input of floats, as exporters of the reference have it. */
  static final String TENSOR = "images";

  /** The name of an input of bytes. */
  static final String PICTURE = "picture";

  private static final String FLOATS =
      "Letterboxed pictures, BGR, 0 to 255, planes: [batch, channels, height, width]";
  private static final String BYTES =
      "Letterboxed pictures, BGR, as they lie in memory: [batch, height, width, channels]";

  private static final String PRODUCER = "yolox4j";

  private static final int OPERATOR_SET = 17;

  /** The version of the format that came with the operator set. */
  private static final int FORMAT_VERSION = 8;

  private OnnxModel() {}

  static ModelProto of(ModelInfo info, OnnxConvolutions convolutions) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT_VERSION)
            .setProducerName(PRODUCER)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setGraph(graph(info, convolutions).build());
    String version = OnnxModel.class.getPackage().getImplementationVersion();
    if (version != null) {
      model.setProducerVersion(version);
    }
    info.metadata()
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  private static OnnxGraphBuilder graph(ModelInfo info, OnnxConvolutions convolutions) {
    ModelSpec spec = info.spec();
    ExportOptions options = info.options();
    Network network = info.network();
    OnnxGraphBuilder graph = new OnnxGraphBuilder("yolox_" + spec.name(), options.half());
    Object batch = options.shapes().anyBatch() ? "batch" : 1;
    String picture = input(graph, info, batch);
    List<String> results = new OnnxLayers(graph, convolutions).add(network, picture);
    OnnxPredictions predictions = new OnnxPredictions(graph, options.shapes().anySize());
    switch (options.output()) {
      case Output.Predictions(boolean decoded) -> {
        predictions.add(network, results, decoded, "output");
        graph.output(
            "output",
            DataType.FLOAT,
            "Per anchor point: %s, objectness, a probability per class"
                .formatted(
                    decoded
                        ? "centre x, centre y, width, height in input pixels"
                        : "box values as the network predicts them"),
            List.of(
                batch, options.shapes().anySize() ? "points" : info.points(), 5 + spec.classes()));
      }
      case Output.Detections detections -> {
        String decoded = predictions.add(network, results, true, "predictions");
        new OnnxSuppression(graph, detections).add(decoded, spec.classes(), batch);
      }
    }
    return graph;
  }

  /** Adds the input and returns the name of what the network reads, [B, C, H, W]. */
  private static String input(OnnxGraphBuilder graph, ModelInfo info, Object batch) {
    ModelSpec spec = info.spec();
    boolean anySize = info.options().shapes().anySize();
    Object height = anySize ? "height" : spec.inputHeight();
    Object width = anySize ? "width" : spec.inputWidth();
    int channels = spec.inputChannels();
    if (!info.options().picture()) {
      graph.input(TENSOR, DataType.FLOAT, FLOATS, List.of(batch, channels, height, width));
      return TENSOR;
    }
    graph.input(PICTURE, DataType.UINT8, BYTES, List.of(batch, height, width, channels));
    String floats = graph.cast("picture.floats", PICTURE, DataType.FLOAT);
    return graph.node(
        "picture.planes", "Transpose", List.of(floats), OnnxAttribute.ints("perm", 0, 3, 1, 2));
  }
}
