package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import io.github.yolox4j.Shared;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Backbone;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.StateEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads ONNX files: a published one, and such as exporters and optimisers may write. */
class OnnxFileTest {

  @TempDir private Path folder;

  static ModelSpec custom(double depth, double width, boolean depthwise, int classes) {
    return new ModelSpec(
        "custom",
        Backbone.CSP_DARKNET,
        depth,
        width,
        depthwise,
        Activation.SILU,
        3,
        classes,
        640,
        640);
  }

  static final Network SMALL = Network.of(custom(1 / 3.0, 0.0625, false, 3));

  static Stream<ModelSpec> specs() {
    return Stream.of(
        OfficialModel.NANO.spec(),
        OfficialModel.S.spec().withClasses(1),
        custom(1 / 9.0, 0.0625, false, 1),
        custom(1, 0.0625, false, 4),
        custom(2 / 3.0, 0.125, true, 1).withInputChannels(1).withActivation(Activation.RELU),
        OfficialModel.NANO.spec().withActivation(Activation.LRELU),
        new ModelSpec(
            "darknet21", Backbone.DARKNET21, 1, 1, false, Activation.LRELU, 4, 2, 640, 640));
  }

  @Test
  void publishedFileIsTheSameNetworkAsItsCheckpoint() {
    try (Weights onnx = Weights.read(Shared.data("weights/yolox_nano_coco_bnfolded.onnx"));
        Weights pth = Weights.read(Shared.data("weights/yolox_nano_coco.pth"))) {
      assertEquals(List.copyOf(pth.arrays().keySet()), List.copyOf(onnx.arrays().keySet()));
      assertEquals(OfficialModel.NANO.spec(), WeightsModel.infer(onnx));
      for (Convolution convolution : Network.of(OfficialModel.NANO.spec()).convolutions()) {
        var expected = FoldedConvolution.of(convolution, pth.arrays());
        var found = FoldedConvolution.of(convolution, onnx.arrays());
        assertArrayEquals(expected.bias(), found.bias(), convolution.key());
        for (int i = 0; i < found.weight().length; i++) {
          // the checkpoint rounds sqrt(1 + eps) to 32 bits, which moves a product by one step
          float step = Math.ulp(found.weight()[i]);
          assertEquals(expected.weight()[i], found.weight()[i], step, convolution.key());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void anyOrderOfTheNodesGivesTheModelBack(ModelSpec spec) throws IOException {
    Network network = Network.of(spec);
    OnnxExport export = new OnnxExport(network);
    ModelProto.Builder model = export.build();
    OnnxExport.shuffle(model.getGraphBuilder(), new Random(3));
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      assertEquals(spec, WeightsModel.infer(weights));
      assertGivesBack(export, network, weights);
    }
  }

  private static void assertGivesBack(OnnxExport export, Network network, Weights weights) {
    WeightsMatch.of(network.spec(), weights).requireExact();
    assertEquals(
        network.stateDict().stream().map(StateEntry::key).toList(),
        List.copyOf(weights.arrays().keySet()));
    for (Convolution convolution : network.convolutions()) {
      var found = FoldedConvolution.of(convolution, weights.arrays());
      assertArrayEquals(export.value(convolution, "weight"), found.weight(), convolution.key());
      assertArrayEquals(export.value(convolution, "bias"), found.bias(), convolution.key());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void interleavedBranchesAreTold(int seed) throws IOException {
    OnnxExport export = new OnnxExport(SMALL);
    ModelProto.Builder model = export.build();
    OnnxExport.shuffle(model.getGraphBuilder(), new Random(seed));
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      assertGivesBack(export, SMALL, weights);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchNormOfItsOwnIsKept(boolean named) throws IOException {
    OnnxExport export = new OnnxExport(SMALL).normalised((float) Convolution.NORM_EPSILON);
    ModelProto.Builder model = (named ? export.named() : export).build();
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      WeightsMatch.of(SMALL.spec(), weights).requireExact();
      for (Convolution c : SMALL.convolutions()) {
        assertStored(export.value(c, "weight"), weights, c.weightKey());
        if (c.normalised()) {
          assertStored(export.value(c, "scale"), weights, c.normKey("weight"));
          assertStored(export.value(c, "bias"), weights, c.normKey("bias"));
          assertStored(export.value(c, "mean"), weights, c.normKey("running_mean"));
          assertStored(export.value(c, "variance"), weights, c.normKey("running_var"));
        }
      }
    }
  }

  private static void assertStored(float[] expected, Weights weights, String key) {
    assertArrayEquals(expected, weights.arrays().get(key).toFloats(), key);
  }

  @Test
  void anotherEpsilonHasTheSameEffect() throws IOException {
    float epsilon = 1e-5f;
    OnnxExport export = new OnnxExport(SMALL).normalised(epsilon);
    try (Weights weights = Weights.read(OnnxExport.write(export.build(), folder))) {
      for (Convolution c : SMALL.convolutions().stream().filter(Convolution::normalised).toList()) {
        var folded = FoldedConvolution.of(c, weights.arrays());
        for (int o = 0; o < c.outputChannels(); o++) {
          double factor =
              export.value(c, "scale")[o]
                  / Math.sqrt(export.value(c, "variance")[o] + (double) epsilon);
          int first = o * (folded.weight().length / c.outputChannels());
          assertEquals(
              export.value(c, "weight")[first] * factor,
              folded.weight()[first],
              Math.ulp(folded.weight()[first]),
              c.key());
          double bias = export.value(c, "bias")[o] - export.value(c, "mean")[o] * factor;
          assertEquals(bias, folded.bias()[o], 1e-6, c.key());
        }
      }
    }
  }

  @Test
  void biasBeforeBatchNormGoesIntoTheMean() throws IOException {
    OnnxExport export = new OnnxExport(SMALL).normalised((float) Convolution.NORM_EPSILON);
    ModelProto.Builder model = export.build();
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.setNode(firstConvolution(graph), bias(graph.getNode(firstConvolution(graph))));
    Convolution stem = SMALL.executionOrder().get(0);
    float[] bias = export.value(stem, "bias");
    float[] mean = export.value(stem, "mean");
    float[] expected = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      expected[i] = (float) ((double) mean[i] - bias[i]);
    }
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      assertStored(expected, weights, stem.normKey("running_mean"));
    }
  }

  private static NodeProto bias(NodeProto stem) {
    return stem.toBuilder().addInput("backbone.backbone.stem.conv/bias").build();
  }

  static int firstConvolution(GraphProto.Builder graph) {
    return IntStream.range(0, graph.getNodeCount())
        .filter(i -> graph.getNode(i).getOpType().equals("Conv"))
        .findFirst()
        .orElseThrow();
  }

  /** The ways in which an initialiser may hold its elements. */
  enum Encoding implements UnaryOperator<TensorProto> {
    FLOATS {
      @Override
      TensorProto.Builder encode(float[] values) {
        var tensor = TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE);
        for (float value : values) {
          tensor.addFloatData(value);
        }
        return tensor;
      }
    },
    DOUBLES {
      @Override
      TensorProto.Builder encode(float[] values) {
        var tensor = TensorProto.newBuilder().setDataType(DataType.DOUBLE_VALUE);
        for (float value : values) {
          tensor.addDoubleData(value);
        }
        return tensor;
      }
    },
    HALVES {
      @Override
      TensorProto.Builder encode(float[] values) {
        ByteBuffer bytes =
            ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
          bytes.putShort(Float.floatToFloat16(value));
        }
        return TensorProto.newBuilder()
            .setDataType(DataType.FLOAT16_VALUE)
            .setRawData(ByteString.copyFrom(bytes.flip()));
      }

      @Override
      float rounded(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
      }
    },
    HALVES_IN_INTEGERS {
      @Override
      TensorProto.Builder encode(float[] values) {
        var tensor = TensorProto.newBuilder().setDataType(DataType.FLOAT16_VALUE);
        for (float value : values) {
          tensor.addInt32Data(Short.toUnsignedInt(Float.floatToFloat16(value)));
        }
        return tensor;
      }

      @Override
      float rounded(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
      }
    },
    BRAIN_FLOATS_IN_INTEGERS {
      @Override
      TensorProto.Builder encode(float[] values) {
        var tensor = TensorProto.newBuilder().setDataType(DataType.BFLOAT16_VALUE);
        for (float value : values) {
          tensor.addInt32Data(Float.floatToRawIntBits(value) >>> Short.SIZE);
        }
        return tensor;
      }

      @Override
      float rounded(float value) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
      }
    };

    abstract TensorProto.Builder encode(float[] values);

    float rounded(float value) {
      return value;
    }

    @Override
    public TensorProto apply(TensorProto tensor) {
      if (tensor.getDataType() != DataType.FLOAT_VALUE) {
        return tensor;
      }
      ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      float[] values = new float[raw.remaining() / Float.BYTES];
      raw.asFloatBuffer().get(values);
      return encode(values).setName(tensor.getName()).addAllDims(tensor.getDimsList()).build();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyEncodingOfInitialisersIsRead(Encoding encoding) throws IOException {
    OnnxExport export = new OnnxExport(SMALL);
    ModelProto.Builder model = export.build();
    GraphProto.Builder graph = model.getGraphBuilder();
    IntStream.range(0, graph.getInitializerCount())
        .forEach(i -> graph.setInitializer(i, encoding.apply(graph.getInitializer(i))));
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      for (Convolution convolution : SMALL.convolutions()) {
        float[] expected = export.value(convolution, "weight").clone();
        for (int i = 0; i < expected.length; i++) {
          expected[i] = encoding.rounded(expected[i]);
        }
        var found = FoldedConvolution.of(convolution, weights.arrays());
        assertArrayEquals(expected, found.weight(), convolution.key());
      }
    }
  }

  @Test
  void constantsAreFollowedThroughNodes() throws IOException {
    OnnxExport export = new OnnxExport(SMALL);
    ModelProto.Builder model = export.build();
    GraphProto graph = model.getGraph();
    GraphProto.Builder changed = graph.toBuilder().clearInitializer().clearNode();
    for (TensorProto tensor : graph.getInitializerList()) {
      changed.addNode(
          OnnxExport.node("Constant", List.of(), tensor.getName() + "/held")
              .addAttribute(AttributeProto.newBuilder().setName("value").setT(tensor)));
      changed.addNode(
          OnnxExport.node("Identity", List.of(tensor.getName() + "/held"), tensor.getName()));
    }
    model.setGraph(changed.addAllNode(graph.getNodeList()));
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      assertGivesBack(export, SMALL, weights);
    }
  }

  @Test
  void namesWinOverAGraphThatIsNotUnderstood() throws IOException {
    OnnxExport export = new OnnxExport(SMALL).named();
    ModelProto.Builder model = export.build();
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.getNodeBuilderList().stream()
        .filter(node -> node.getOpType().equals("MaxPool"))
        .forEach(node -> node.setOpType("PoolOfSomeoneElse"));
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      assertGivesBack(export, SMALL, weights);
    }
  }

  @Test
  void metadataIsKept() throws IOException {
    ModelProto.Builder model =
        new OnnxExport(SMALL)
            .build()
            .addMetadataProps(
                StringStringEntryProto.newBuilder().setKey("classes").setValue("a,b"));
    try (Weights weights = Weights.read(OnnxExport.write(model, folder))) {
      assertEquals("a,b", weights.metadata().get("classes"));
      assertEquals("silu", weights.metadata().get(Weights.ACTIVATION));
    }
  }
}
