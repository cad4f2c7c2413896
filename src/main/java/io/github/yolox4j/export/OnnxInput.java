package io.github.yolox4j.export;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.yolox4j.model.ModelSpec;
import java.util.List;

/** Writes what a model takes and what becomes of it before the network reads it. */
final class OnnxInput {

  /** The name of an input of floats, as exporters of the reference have it. */
  static final String TENSOR = "images";

  /** The name of an input of bytes. */
  static final String PICTURE = "picture";

  private static final String FLOATS =
      "Letterboxed pictures, BGR, 0 to 255, planes: [batch, channels, height, width]";
  private static final String BYTES =
      "Letterboxed pictures, BGR, as they lie in memory: [batch, height, width, channels]";

  private final OnnxGraphBuilder graph;

  OnnxInput(OnnxGraphBuilder graph) {
    this.graph = graph;
  }

  /** Adds the input and returns the name of what the network reads, [B, C, H, W]. */
  String add(ModelInfo info) {
    ModelSpec spec = info.spec();
    ExportOptions options = info.options();
    Shapes shapes = options.shapes();
    Object batch = shapes.anyBatch() ? "batch" : 1;
    Object height = shapes.anySize() ? "height" : spec.inputHeight();
    Object width = shapes.anySize() ? "width" : spec.inputWidth();
    int channels = spec.inputChannels();
    String planes = TENSOR;
    if (options.picture()) {
      graph.input(PICTURE, DataType.UINT8, BYTES, List.of(batch, height, width, channels));
      String floats = graph.cast("picture.floats", PICTURE, DataType.FLOAT);
      planes =
          graph.node(
              "picture.planes",
              "Transpose",
              List.of(floats),
              OnnxAttribute.ints("perm", 0, 3, 1, 2));
    } else {
      graph.input(TENSOR, DataType.FLOAT, FLOATS, List.of(batch, channels, height, width));
    }
    return planes;
  }
}
