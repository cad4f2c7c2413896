package io.github.yolox4j.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.yolox4j.YoloxException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refuses ONNX files that are damaged, or sound and no YOLOX model, with a sentence. */
class BrokenOnnxFileTest {

  @TempDir private Path folder;

  /** A change to a sound model, and what the refusal says. */
  record Case(String message, Consumer<GraphProto.Builder> change) {
    @Override
    public String toString() {
      return message;
    }
  }

  private static final String STEM = "backbone.backbone.stem.conv";
  private static final String DARK3 = "backbone.backbone.dark3.0";

  static Stream<Case> cases() {
    return Stream.of(
        new Case("its graph has no convolutions", GraphProto.Builder::clearNode),
        new Case(
            "a quantised model (node 'w' is a DequantizeLinear)",
            graph -> graph.addNode(0, OnnxExport.node("DequantizeLinear", List.of("q"), "w"))),
        new Case(
            "reaches beyond the 432 elements of the storage", graph -> kernel(graph).setDims(3, 4)),
        new Case("must not be negative", graph -> kernel(graph).setDims(0, -4)),
        new Case("overflow", graph -> kernel(graph).setDims(0, Long.MAX_VALUE).setDims(1, 4)),
        new Case(
            "the shape [4, 12, 0, 3]; expected four dimensions of at least 1",
            graph -> kernel(graph).setDims(2, 0).clearRawData()),
        new Case(
            "the shape [432]; expected four dimensions of at least 1",
            graph -> kernel(graph).clearDims().addDims(432)),
        new Case(
            "is kept in another file",
            graph -> kernel(graph).setDataLocation(TensorProto.DataLocation.EXTERNAL)),
        new Case("is of type INT8", graph -> kernel(graph).setDataType(3)),
        new Case("is of type 99", graph -> kernel(graph).setDataType(99)),
        new Case(
            "the weight of node '/backbone.backbone.stem.conv' is not stored but computed from 'x'",
            graph -> convolution(graph, STEM).setInput(1, "x")),
        new Case(
            "its 83 convolutions, first [4, 27, 2, 2] groups 1 stride 1 padding 1, are those of"
                + " none",
            graph -> kernel(graph).clearDims().addAllDims(List.of(4L, 27L, 2L, 2L))),
        new Case(
            "none fits backbone.backbone.dark3.0: [16, 8, 3, 3] groups 1 stride 2 padding 1",
            graph -> convolution(graph, DARK3).getAttributeBuilder(0).setInts(0, 1).setInts(1, 1)),
        new Case(
            "none fits backbone.backbone.dark4.1.conv3",
            graph -> {
              String value = convolution(graph, "backbone.C3_p4.conv1").getInput(0);
              NodeProto.Builder concat = find(graph, node -> node.getOutput(0).equals(value));
              String first = concat.getInput(0);
              concat.setInput(0, concat.getInput(1)).setInput(1, first);
            }),
        new Case("its node 't', a Transpose, feeds a convolution", insert("Transpose")),
        new Case("its node 't', a Mul, feeds a convolution", insert("Mul", "constant0")),
        new Case("its node 't', a Slice, feeds a convolution", insert("Slice", "constant0")),
        new Case(
            "its value 'x', which no node before it computes, feeds a convolution",
            graph -> convolution(graph, DARK3).setInput(0, "x")));
  }

  private static TensorProto.Builder kernel(GraphProto.Builder graph) {
    return graph.getInitializerBuilderList().stream()
        .filter(tensor -> tensor.getDimsCount() == 4)
        .findFirst()
        .orElseThrow();
  }

  private static NodeProto.Builder convolution(GraphProto.Builder graph, String key) {
    return find(graph, node -> node.getName().equals("/" + key));
  }

  private static NodeProto.Builder find(
      GraphProto.Builder graph, Predicate<NodeProto.Builder> which) {
    return graph.getNodeBuilderList().stream().filter(which).findFirst().orElseThrow();
  }

  /** Puts a node before a convolution. */
  private static Consumer<GraphProto.Builder> insert(String op, String... constants) {
    return graph -> {
      NodeProto.Builder reader = convolution(graph, DARK3);
      NodeProto node =
          OnnxExport.node(op, List.of(reader.getInput(0)), "t")
              .addAllInput(List.of(constants))
              .build();
      int position = graph.getNodeList().indexOf(reader.build());
      reader.setInput(0, "t");
      graph.addNode(position, node);
    };
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusesWithASentence(Case broken) throws IOException {
    ModelProto.Builder model = new OnnxExport(OnnxFileTest.SMALL).build();
    broken.change.accept(model.getGraphBuilder());
    assertRefused(broken.message, OnnxExport.write(model, folder));
  }

  private static void assertRefused(String message, Path file) {
    var e = assertThrows(YoloxException.class, () -> Weights.read(file).close());
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void refusesAForeignNetwork() throws IOException {
    ModelProto.Builder model = new OnnxExport(OnnxFileTest.SMALL).build();
    GraphProto.Builder graph = model.getGraphBuilder();
    List<NodeProto> some = graph.getNodeList().subList(0, 40);
    model.setGraph(graph.build().toBuilder().clearNode().addAllNode(some));
    assertRefused("it does not hold a YOLOX model", OnnxExport.write(model, folder));
  }

  @Test
  void refusesBatchNormBehindAPrediction() throws IOException {
    ModelProto.Builder model = new OnnxExport(OnnxFileTest.SMALL).named().build();
    NodeProto.Builder prediction = convolution(model.getGraphBuilder(), "head.obj_preds.2");
    String bias = prediction.getInput(2);
    model
        .getGraphBuilder()
        .addNode(
            OnnxExport.node(
                "BatchNormalization",
                List.of(prediction.getOutput(0), bias, bias, bias, bias),
                "normalised"));
    assertRefused("a prediction layer without", OnnxExport.write(model, folder));
  }

  /** Texts of one hash. */
  static List<String> colliding(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> String.format("%17s", Integer.toBinaryString(i)))
        .map(bits -> bits.replace("1", "BB").replaceAll("[ 0]", "Aa"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"outputs", "inputs", "nodes"})
  void workGrowsWithTheFile(String many) throws IOException {
    ModelProto.Builder model = new OnnxExport(OnnxFileTest.SMALL).build();
    GraphProto.Builder graph = model.getGraphBuilder();
    List<String> names = colliding(100_000);
    switch (many) {
      case "outputs" ->
          graph.addNode(
              NodeProto.newBuilder()
                  .setOpType("Split")
                  .setName("n".repeat(100_000))
                  .addAllOutput(names));
      case "inputs" -> graph.addNode(OnnxExport.node("Concat", names, "c"));
      default ->
          names.forEach(
              name -> graph.addNode(OnnxExport.node("Shape", List.of("x"), "s").setName(name)));
    }
    Path file = OnnxExport.write(model, folder);
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Weights.read(file).close());
  }

  @Test
  void refusesFilesThatAreCutOff() throws IOException {
    byte[] whole = new OnnxExport(OnnxFileTest.SMALL).build().build().toByteArray();
    for (int length = 9; length < whole.length; length += whole.length / 50) {
      Path file = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
      assertRefused("it looks like an ONNX file, but is damaged or cut off", file);
    }
  }

  @Test
  void damageEndsInASentenceOrInAModel() throws IOException {
    byte[] whole = new OnnxExport(OnnxFileTest.SMALL).build().build().toByteArray();
    Random random = new Random(5);
    Path file = folder.resolve("damaged.onnx");
    for (int round = 0; round < 200; round++) {
      byte[] damaged = whole.clone();
      // the nodes and the names come first, where a change can do the most harm
      for (int i = 0; i < 3; i++) {
        damaged[3 + random.nextInt(round % 2 == 0 ? 2000 : whole.length - 3)] =
            (byte) random.nextInt();
      }
      assertSentenceOrModel(Files.write(file, damaged));
    }
  }

  @Test
  void randomBytesEndInASentence() throws IOException {
    Random random = new Random(7);
    Path file = folder.resolve("random.onnx");
    for (int round = 0; round < 200; round++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      byte[] begin = {8, 7, 0x3a};
      System.arraycopy(begin, 0, bytes, 0, Math.min(bytes.length, begin.length));
      assertSentenceOrModel(Files.write(file, bytes));
    }
  }

  private static void assertSentenceOrModel(Path file) {
    try (Weights weights = Weights.read(file)) {
      WeightsModel.infer(weights);
    } catch (YoloxException e) {
      assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }
  }

  @Test
  void fileThatLooksLikeSafetensorsToTheEyeIsTold() throws IOException {
    ModelProto.Builder model = new OnnxExport(OnnxFileTest.SMALL).build();
    // behind eight bytes, among them the graph's length in four, the first node's length: a brace
    GraphProto.Builder graph = model.clearProducerName().getGraphBuilder();
    graph.setDocString("d".repeat(3_000_000));
    NodeProto.Builder first = graph.getNodeBuilder(0).setDocString("d");
    first.setDocString("d".repeat('{' + 1 - first.build().getSerializedSize()));
    Path file = OnnxExport.write(model, folder);
    assertEquals('{', Files.readAllBytes(file)[8]);
    try (Weights weights = Weights.read(file)) {
      assertEquals(OnnxFileTest.SMALL.stateDict().size(), weights.arrays().size());
    }
  }

  @Test
  void namesTheArtifactWhereItIsAbsent() throws Exception {
    Path file = OnnxExport.write(new OnnxExport(OnnxFileTest.SMALL).build(), folder);
    Pattern absent = Pattern.compile("tribuo-util-onnx-[^/\\\\]*\\.jar$");
    String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
    URL[] rest = new URL[classPath.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = absent.matcher(classPath[i]).find() ? null : Path.of(classPath[i]).toUri().toURL();
    }
    URL[] present = Arrays.stream(rest).filter(url -> url != null).toArray(URL[]::new);
    assertEquals(rest.length - 1, present.length);
    try (var loader = new URLClassLoader(present, ClassLoader.getPlatformClassLoader())) {
      var read = loader.loadClass(Weights.class.getName()).getMethod("read", Path.class);
      var e = assertThrows(InvocationTargetException.class, () -> read.invoke(null, file));
      assertEquals(
          "%s: to read ONNX files, add org.tribuo:tribuo-util-onnx:%s to the class path"
              .formatted(file, OnnxArtifact.VERSION),
          e.getCause().getMessage());
    }
    assertTrue(
        Arrays.stream(classPath)
            .anyMatch(
                jar -> jar.endsWith("tribuo-util-onnx-%s.jar".formatted(OnnxArtifact.VERSION))));
  }
}
