package io.github.yolox4j.weights;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Network;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the weights of an exported YOLOX model. Exporters fold BatchNorm away, lose names and order
 * nodes as they like, so unless every kernel still has its official name, convolutions are told by
 * how they feed one another.
 */
final class OnnxReader {

  private OnnxReader() {}

  static Weights read(MappedFile file) {
    ModelProto model = parse(file);
    OnnxGraph graph = new OnnxGraph(file, model.getGraph());
    Map<Convolution, OnnxConvolution> convolutions = convolutions(file, graph);

    var arrays = new LinkedHashMap<String, WeightArray>();
    convolutions.forEach((convolution, stored) -> stored.addTo(arrays, file, convolution));
    var metadata = new LinkedHashMap<String, String>();
    model.getMetadataPropsList().forEach(p -> metadata.put(p.getKey(), p.getValue()));
    metadata.put(Weights.ACTIVATION, graph.activation().name().toLowerCase(Locale.ROOT));
    inputSize(model.getGraph()).ifPresent(size -> metadata.put(Weights.INPUT, size));
    return new Weights(file, arrays, metadata);
  }

  /** The fixed height and width of the only input that is not constant. */
  private static Optional<String> inputSize(GraphProto graph) {
    Set<String> constants =
        graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !constants.contains(i.getName())).toList();
    if (inputs.size() != 1) {
      return Optional.empty();
    }
    List<TensorShapeProto.Dimension> lengths =
        inputs.getFirst().getType().getTensorType().getShape().getDimList();
    boolean fixed =
        lengths.size() == 4 && lengths.get(2).hasDimValue() && lengths.get(3).hasDimValue();
    return fixed
        ? Optional.of(lengths.get(2).getDimValue() + "x" + lengths.get(3).getDimValue())
        : Optional.empty();
  }

  private static ModelProto parse(MappedFile file) {
    if (file.size() > Integer.MAX_VALUE) {
      throw file.broken(
          "it has %d bytes, and an ONNX file cannot be read beyond %d"
              .formatted(file.size(), Integer.MAX_VALUE));
    }
    // aliasing leaves the weights where they are in the mapped file
    CodedInputStream input =
        UnsafeByteOperations.unsafeWrap(file.bytes().asByteBuffer()).newCodedInput();
    input.enableAliasing(true);
    try {
      return ModelProto.parseFrom(input);
    } catch (IOException e) {
      throw file.broken("it looks like an ONNX file, but is damaged or cut off", e);
    }
  }

  /** The model's convolutions in the order of its state dict, each with what the file has of it. */
  private static Map<Convolution, OnnxConvolution> convolutions(MappedFile file, OnnxGraph graph) {
    List<OnnxConvolution> stored = graph.convolutions();
    Map<Convolution, OnnxConvolution> convolutions = new LinkedHashMap<>();
    Optional<Network> named = NetworkGuess.named(stored);
    if (named.isPresent()) {
      Map<String, OnnxConvolution> byName = new HashMap<>();
      stored.forEach(c -> byName.put(c.weightName(), c));
      named.get().convolutions().forEach(c -> convolutions.put(c, byName.get(c.weightKey())));
      return convolutions;
    }
    Dataflow dataflow = graph.dataflow();
    for (Dataflow.Vertex vertex : dataflow.vertices()) {
      if (vertex.kind() == Dataflow.Kind.FOREIGN) {
        throw file.broken(
            ("its %s feeds a convolution, where YOLOX has no such thing; expected a model exported"
                    + " from PyTorch, channels first, its constants folded")
                .formatted(vertex.label()));
      }
    }
    Network network = guess(file, stored, dataflow, graph.activation());
    Map<Convolution, Integer> pairs = DataflowMatch.of(file, network, dataflow);
    network.convolutions().forEach(c -> convolutions.put(c, stored.get(pairs.get(c))));
    return convolutions;
  }

  private static Network guess(
      MappedFile file, List<OnnxConvolution> stored, Dataflow dataflow, Activation activation) {
    if (stored.isEmpty()) {
      throw file.broken("it does not hold a YOLOX model: its graph has no convolutions");
    }
    return NetworkGuess.unnamed(stored, dataflow.lastConvolutions(), activation)
        .orElseThrow(
            () ->
                file.broken(
                    ("it does not hold a YOLOX model:"
                            + " its %d convolutions, first %s, are those of none")
                        .formatted(stored.size(), stored.get(0).label())));
  }
}
