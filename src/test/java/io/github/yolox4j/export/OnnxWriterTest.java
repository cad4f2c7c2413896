package io.github.yolox4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import io.github.yolox4j.weights.WeightsModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written runs in ONNX Runtime as it does here. */
class OnnxWriterTest {

  @TempDir private Path folder;

  private Path write(FoldedNetwork network, ExportOptions options) {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(file, network, ExportedModels.names(network.spec()), options);
    return file;
  }

  private static float[] run(Path file, TestPicture picture) throws OrtException {
    try (OrtModel model = new OrtModel(file)) {
      return model
          .run(picture.pixels(), 1, picture.height(), picture.width())
          .get("output")
          .floats();
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.yolox4j.export.ExportedModels#own")
  void everyOwnModelPredictsWhatTheEngineDoes(ModelSpec spec) throws OrtException {
    FoldedNetwork network = FoldedNetwork.random(spec, 1);
    Path file = write(network, ExportOptions.DEFAULTS.withOutput(Output.RAW));
    assertEquals(
        0,
        Difference.largest(
            ExportedModels.expected(network, false), run(file, TestPicture.of(spec))),
        ExportedModels.ROUNDING_OF_MADE_UP);
    try (Weights weights = Weights.read(file)) {
      assertEquals(spec, WeightsModel.infer(weights));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NANO", "TINY", "S"})
  void everyOfficialModelPredictsWhatTheEngineDoes(OfficialModel model) throws OrtException {
    FoldedNetwork network = ExportedModels.golden(model);
    Path file = write(network, ExportOptions.DEFAULTS.withOutput(Output.RAW));
    assertEquals(
        0,
        Difference.largest(
            ExportedModels.expected(network, false), run(file, TestPicture.of(network.spec()))),
        ExportedModels.ROUNDING_OF_MADE_UP);
  }

  @ParameterizedTest
  @EnumSource(names = {"M", "L", "X", "DARKNET53"})
  @Tag("slow")
  void everyLargeModelPredictsWhatTheEngineDoes(OfficialModel model) throws OrtException {
    everyOfficialModelPredictsWhatTheEngineDoes(model);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void trainedWeightsPredictWhatTheEngineDoes(boolean decoded, boolean normKept)
      throws OrtException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    ExportOptions options = ExportOptions.DEFAULTS.withOutput(new Output.Predictions(decoded));
    Path file = folder.resolve("nano.onnx");
    if (normKept) {
      try (Weights weights = Weights.read(ExportedModels.nanoFile())) {
        OnnxWriter.writeWithBatchNorm(
            file,
            network.network(),
            weights.arrays(),
            ExportedModels.names(network.spec()),
            options);
      }
    } else {
      file = write(network, options);
    }
    float[] expected = ExportedModels.expected(network, decoded);
    TestPicture picture = TestPicture.of(network.spec());
    assertEquals(0, Difference.largest(expected, run(file, picture)), ExportedModels.ROUNDING);
    try (OpenCvModel model = new OpenCvModel(file)) {
      assertEquals(0, Difference.largest(expected, model.run(picture)), ExportedModels.ROUNDING);
    }
  }

  @Test
  void demoWeightsPredictWhatTheEngineDoes() throws OrtException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.DEMO);
    Path file = write(network, ExportOptions.DEFAULTS);
    assertEquals(
        0,
        Difference.largest(
            ExportedModels.expected(network, true), run(file, TestPicture.of(network.spec()))),
        ExportedModels.ROUNDING);
  }

  @ParameterizedTest
  @CsvSource({"1, 320, 320", "3, 416, 416", "8, 320, 320", "1, 640, 384", "3, 384, 640"})
  void openShapesTakeAnyBatchAndSize(int batch, int height, int width) throws OrtException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    Path file = write(network, ExportOptions.DEFAULTS.withShapes(Shapes.ANY));
    byte[] pixels = new byte[batch * height * width * 3];
    new SplittableRandom(2).nextBytes(pixels);
    try (Engine engine = ExportedModels.engine(network);
        OrtModel model = new OrtModel(file)) {
      OrtModel.Result output = model.run(pixels, batch, height, width).get("output");
      int points = height * width / 64 * 21 / 16;
      assertArrayEquals(new long[] {batch, points, 85}, output.shape());
      assertEquals(
          0,
          Difference.largest(
              ExportedModels.expected(engine, pixels, height, width), output.floats()),
          ExportedModels.ROUNDING);
    }
  }

  @Test
  void anOpenBatchKeepsTheSize() throws OrtException {
    FoldedNetwork network = FoldedNetwork.random(OfficialModel.NANO.spec().withInput(64, 96), 3);
    Path file =
        write(network, ExportOptions.DEFAULTS.withOutput(Output.RAW).withShapes(Shapes.ANY_BATCH));
    try (OrtModel model = new OrtModel(file)) {
      for (int batch : new int[] {1, 3}) {
        var output = model.run(new byte[batch * 64 * 96 * 3], batch, 64, 96).get("output");
        assertArrayEquals(new long[] {batch, 126, 85}, output.shape());
      }
      assertThrows(OrtException.class, () -> model.run(new byte[96 * 96 * 3], 1, 96, 96));
    }
  }

  @ParameterizedTest
  @EnumSource
  void picturesOfBytesAreScaledInside(InputScaling scaling) throws OrtException {
    FoldedNetwork network =
        FoldedNetwork.random(OfficialModel.NANO.spec().withInput(64, 96), 4).withScaling(scaling);
    float[] expected = ExportedModels.expected(network, false);
    ExportOptions floats = ExportOptions.DEFAULTS.withOutput(Output.RAW);
    TestPicture picture = TestPicture.of(network.spec());
    for (ExportOptions options : List.of(floats, floats.withPicture(true))) {
      assertEquals(
          0,
          Difference.largest(expected, run(write(network, options), picture)),
          ExportedModels.ROUNDING_OF_MADE_UP);
    }
  }

  @Test
  void halfPrecisionIsHalfAsLargeAndNearlyTheSame() throws IOException, OrtException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    long full = Files.size(write(network, ExportOptions.DEFAULTS));
    Path file = write(network, ExportOptions.DEFAULTS.withHalf(true));
    assertTrue(Files.size(file) < 0.53 * full, "besides weights there is the graph");
    ExportOptions suppressed =
        ExportOptions.DEFAULTS.withPicture(true).withOutput(Output.DETECTIONS);
    try (Picture dog = Picture.read(Shared.data("images/dog.jpg"));
        ExportedDetector whole = new ExportedDetector(write(network, suppressed), 416, 416, 80);
        ExportedDetector half =
            new ExportedDetector(write(network, suppressed.withHalf(true)), 416, 416, 80)) {
      List<Detection> expected = whole.detect(List.of(dog)).getFirst();
      List<Detection> found = half.detect(List.of(dog)).getFirst();
      assertTrue(expected.size() > 2);
      assertEquals(expected.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        assertEquals(expected.get(i).classId(), found.get(i).classId());
        assertEquals(expected.get(i).score(), found.get(i).score(), 0.02);
        assertEquals(expected.get(i).x1(), found.get(i).x1(), 4, "pixels of a picture of 768");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"folded", "half", "suppressed", "normalised"})
  void itReadsBackAsWeights(String how) {
    try (Weights source = Weights.read(ExportedModels.DEMO)) {
      ModelSpec spec = WeightsModel.infer(source).withInput(96, 160);
      FoldedNetwork network = FoldedNetwork.of(spec, source);
      List<String> names = source.classNames().orElseThrow();
      Path file = folder.resolve("demo.onnx");
      ExportOptions options = ExportOptions.DEFAULTS.withHalf(how.equals("half"));
      switch (how) {
        case "normalised" ->
            OnnxWriter.writeWithBatchNorm(file, network.network(), source.arrays(), names, options);
        case "suppressed" ->
            OnnxWriter.write(
                file,
                network,
                names,
                options.withOutput(Output.DETECTIONS).withShapes(Shapes.ANY).withPicture(true));
        default -> OnnxWriter.write(file, network, names, options);
      }
      try (Weights written = Weights.read(file)) {
        WeightsMatch.of(spec, written).requireExact();
        assertEquals(spec, WeightsModel.infer(written), "its size too");
        assertEquals(names, written.classNames().orElseThrow());
        for (Convolution convolution : network.network().convolutions()) {
          float[] expected = network.of(convolution).weight().clone();
          if (how.equals("half")) {
            for (int i = 0; i < expected.length; i++) {
              expected[i] = Float.float16ToFloat(Float.floatToFloat16(expected[i]));
            }
          }
          assertArrayEquals(
              expected,
              FoldedNetwork.of(spec, written).of(convolution).weight(),
              convolution.key());
          if (how.equals("normalised")) {
            assertArrayEquals(
                source.arrays().get(convolution.weightKey()).toFloats(),
                written.arrays().get(convolution.weightKey()).toFloats());
          }
        }
      }
    }
  }

  @Test
  void itTellsAboutItself() throws OrtException {
    FoldedNetwork network = FoldedNetwork.random(OfficialModel.NANO.spec().withClasses(2), 5);
    Path file = folder.resolve("model.onnx");
    Output few = new Output.Detections(0.25f, 0.5f, 7);
    OnnxWriter.write(file, network, List.of("cat", "dog"), ExportOptions.DEFAULTS.withOutput(few));
    try (OrtModel model = new OrtModel(file)) {
      Map<String, String> metadata = model.metadata();
      assertEquals("cat\ndog", metadata.get(Weights.CLASSES));
      assertEquals("416x416", metadata.get("input_size"));
      assertEquals("8,16,32", metadata.get("strides"));
      assertEquals("0.25", metadata.get("confidence"));
      assertEquals("0.5", metadata.get("iou"));
      assertEquals("7", metadata.get("max_detections"));
    }
  }

  @Test
  void whatTheFormatCannotHoldIsRefused() {
    Path file = folder.resolve("model.onnx");
    ModelSpec huge =
        new ModelSpec(
            "huge",
            OfficialModel.S.spec().backbone(),
            3,
            4,
            false,
            OfficialModel.S.spec().activation(),
            3,
            80,
            640,
            640);
    List<String> names = ExportedModels.names(huge);
    YoloxException large =
        assertThrows(
            YoloxException.class,
            () ->
                OnnxWriter.writeWithBatchNorm(
                    file, Network.of(huge), Map.of(), names, ExportOptions.DEFAULTS));
    assertTrue(large.getMessage().contains("less than 2 GiB"), large.getMessage());
    YoloxException beyond = assertThrows(YoloxException.class, () -> Half.of("head", 70_000));
    assertTrue(beyond.getMessage().contains("head"), beyond.getMessage());
    FoldedNetwork network = FoldedNetwork.random(OfficialModel.NANO.spec(), 6);
    assertThrows(
        YoloxException.class,
        () -> OnnxWriter.write(file, network, List.of("one"), ExportOptions.DEFAULTS));
    assertTrue(Files.notExists(file));
  }
}
