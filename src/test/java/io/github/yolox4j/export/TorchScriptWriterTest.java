package io.github.yolox4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.FoldedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written loads in libtorch and does what the engine does. */
class TorchScriptWriterTest {

  @TempDir private Path folder;

  private Path write(FoldedNetwork network, ExportOptions options) {
    Path file = folder.resolve("model.pt");
    TorchScriptWriter.write(file, network, ExportedModels.names(network.spec()), options);
    return file;
  }

  private static float[] run(Path file, TestPicture picture, boolean bytes) {
    try (TorchScriptModel model = new TorchScriptModel(file)) {
      return model.predictions(picture, bytes);
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.yolox4j.export.ExportedModels#own")
  void everyOwnModelPredictsWhatTheEngineDoes(ModelSpec spec) {
    FoldedNetwork network = FoldedNetwork.random(spec, 1);
    Path file = write(network, ExportOptions.DEFAULTS.withOutput(Output.RAW));
    assertEquals(
        0,
        Difference.largest(
            ExportedModels.expected(network, false), run(file, TestPicture.of(spec), false)),
        ExportedModels.ROUNDING_OF_MADE_UP);
  }

  @ParameterizedTest
  @EnumSource(names = {"NANO", "TINY", "S"})
  void everyOfficialModelPredictsWhatTheEngineDoes(OfficialModel model) {
    FoldedNetwork network = ExportedModels.golden(model);
    Path file = write(network, ExportOptions.DEFAULTS.withOutput(Output.RAW));
    assertEquals(
        0,
        Difference.largest(
            ExportedModels.expected(network, false),
            run(file, TestPicture.of(network.spec()), false)),
        ExportedModels.ROUNDING_OF_MADE_UP);
  }

  @ParameterizedTest
  @EnumSource(names = {"M", "L", "X", "DARKNET53"})
  @Tag("slow")
  void everyLargeModelPredictsWhatTheEngineDoes(OfficialModel model) {
    everyOfficialModelPredictsWhatTheEngineDoes(model);
  }

  @ParameterizedTest
  @CsvSource({"true, 416, 416", "false, 416, 416", "true, 384, 640", "true, 320, 320"})
  void trainedWeightsPredictWhatTheEngineDoesAtAnySize(boolean decoded, int height, int width) {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    Output output = new Output.Predictions(decoded);
    Path file = write(network, ExportOptions.DEFAULTS.withOutput(output));
    TestPicture picture = TestPicture.of(network.spec().withInput(height, width));
    try (var engine = ExportedModels.engine(network)) {
      float[] expected = picture.predictions(engine, decoded);
      assertEquals(
          0, Difference.largest(expected, run(file, picture, false)), ExportedModels.ROUNDING);
    }
  }

  @ParameterizedTest
  @EnumSource
  void picturesOfBytesAreScaledInside(InputScaling scaling) {
    FoldedNetwork network =
        FoldedNetwork.random(OfficialModel.NANO.spec().withInput(64, 96), 4).withScaling(scaling);
    float[] expected = ExportedModels.expected(network, false);
    ExportOptions floats = ExportOptions.DEFAULTS.withOutput(Output.RAW);
    TestPicture picture = TestPicture.of(network.spec());
    for (boolean bytes : new boolean[] {false, true}) {
      float[] found = run(write(network, floats.withPicture(bytes)), picture, bytes);
      assertEquals(0, Difference.largest(expected, found), ExportedModels.ROUNDING_OF_MADE_UP);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0.3f, 0.01f})
  void suppressionFindsWhatTheDetectorFinds(float confidence) {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    Path file =
        write(network, ExportOptions.DEFAULTS.withOutput(Output.DETECTIONS).withPicture(true));
    DetectorOptions options =
        DetectorOptions.DEFAULTS.withConfidence(confidence).withClipping(false);
    Letterbox letterbox = new Letterbox(416, 416);
    try (Detector detector = Detector.of(network, options);
        TorchScriptModel model = new TorchScriptModel(file);
        Picture dog = Picture.read(Shared.data("images/dog.jpg"))) {
      byte[] pixels = ExportedDetector.pixels(letterbox, List.of(dog));
      float ratio = (float) letterbox.ratio(dog.width(), dog.height());
      List<Detection> found =
          model.detections(new TestPicture(416, 416, 3, pixels), true, confidence).stream()
              .map(
                  f ->
                      new Detection(
                          f.x1() / ratio,
                          f.y1() / ratio,
                          f.x2() / ratio,
                          f.y2() / ratio,
                          f.score(),
                          1,
                          f.classId(),
                          ""))
              .toList();
      List<Detection> expected = detector.detect(dog);
      assertTrue(expected.size() > 2);
      ExportedModels.assertSame(expected, found);
    }
  }

  @Test
  void noScoreIsHighEnough() {
    FoldedNetwork network = ExportedModels.read(ExportedModels.DEMO);
    Path file = write(network, ExportOptions.DEFAULTS.withOutput(Output.DETECTIONS));
    try (TorchScriptModel model = new TorchScriptModel(file)) {
      assertEquals(List.of(), model.detections(TestPicture.of(network.spec()), false, 1));
    }
  }

  @Test
  void itTellsAboutItself() {
    FoldedNetwork network = FoldedNetwork.random(OfficialModel.NANO.spec().withClasses(2), 5);
    Path file = folder.resolve("model.pt");
    List<String> names = List.of("a \"quoted\" \\ name", "Katze \u00fc");
    TorchScriptWriter.write(file, network, names, ExportOptions.DEFAULTS);
    try (JitModule module = torch.load(file.toString())) {
      var told = module.get_method("class_names").apply(new org.bytedeco.pytorch.IValueVector());
      assertEquals(names.get(0), told.toListRef().get(0).toStringRef().getString());
      assertEquals(names.get(1), told.toListRef().get(1).toStringRef().getString());
    }
  }

  @Test
  void halfPrecisionIsHalfAsLarge() throws IOException {
    FoldedNetwork network = ExportedModels.read(ExportedModels.nanoFile());
    long full = Files.size(write(network, ExportOptions.DEFAULTS));
    Path file = write(network, ExportOptions.DEFAULTS.withHalf(true));
    assertTrue(Files.size(file) < 0.53 * full, "besides weights there is the code");
    float[] expected = ExportedModels.expected(network, true);
    float[] found = run(file, TestPicture.of(network.spec()), false);
    // 11 bits through some sixty layers
    assertEquals(0, Difference.largest(expected, found), 0.2);
  }

  @Test
  void anImpossiblePlaceLeavesNothingBehind() throws IOException {
    FoldedNetwork network = FoldedNetwork.random(OfficialModel.NANO.spec(), 1);
    Path missing = folder.resolve("no/model.pt");
    List<String> names = ExportedModels.names(network.spec());
    YoloxException e =
        assertThrows(
            YoloxException.class,
            () -> TorchScriptWriter.write(missing, network, names, ExportOptions.DEFAULTS));
    assertEquals(missing + " cannot be written: its folder does not exist", e.getMessage());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }
}
