package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A whole ONNX model in memory. */
final class OnnxModel {

  private static final String PRODUCER = "yolox4j";

  private static final int OPERATOR_SET = 17;

  /** The version of the format that came with the operator set. */
  private static final int FORMAT_VERSION = 8;

  private final ModelProto message;

  OnnxModel(ModelInfo info, OnnxConvolutions convolutions) {
    message = message(info, convolutions);
  }

  void writeTo(OutputStream out) throws IOException {
    message.writeTo(out);
  }

  private static ModelProto message(ModelInfo info, OnnxConvolutions convolutions) {
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
    String picture = new OnnxInput(graph).add(info);
    List<String> results = new OnnxLayers(graph, convolutions).add(network, picture);
    OnnxPredictions predictions = new OnnxPredictions(graph, options.shapes().anySize());
    Object batch = options.shapes().anyBatch() ? "batch" : 1;
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
}
