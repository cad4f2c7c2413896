package io.github.yolox4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.Shared;
import io.github.yolox4j.detect.Detection;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Backbone;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What exports are tested with. */
final class ExportedModels {

  /** Other orders of summation through all layers, for values around 1. */
  static final float ROUNDING = 1e-4f;

  /** Made-up weights amplify rounding layer by layer; a wrong layer moves probabilities by 1. */
  static final float ROUNDING_OF_MADE_UP = 2e-2f;

  /** Trained by this project; knows synthetic shapes. */
  static final Path DEMO = Path.of("models/demo.pth");

  private ExportedModels() {}

  static Path nanoFile() {
    return Shared.data("weights/yolox_nano_coco.pth");
  }

  static FoldedNetwork read(Path file) {
    try (Weights weights = Weights.read(file)) {
      return FoldedNetwork.of(WeightsModel.infer(weights), weights);
    }
  }

  /** An official model with weights and statistics that keep values around 1. */
  static FoldedNetwork golden(OfficialModel model) {
    Path figures = Shared.golden("forward_%s.safetensors".formatted(model.key()));
    ModelSpec spec = model.spec().withInput(64, 96);
    try (Weights weights = Weights.read(figures)) {
      return FoldedNetwork.of(spec, ReferenceInputs.stateDict(spec, weights));
    }
  }

  /** Models that users may make. */
  static Stream<ModelSpec> own() {
    return Stream.of(
        OfficialModel.NANO.spec().withInput(96, 64),
        OfficialModel.S.spec().withInput(64, 96).withClasses(1),
        new ModelSpec(
            "own", Backbone.CSP_DARKNET, 2 / 3.0, 0.125, true, Activation.RELU, 1, 2, 64, 96),
        new ModelSpec(
            "darknet21", Backbone.DARKNET21, 1, 1, false, Activation.LRELU, 4, 3, 64, 64));
  }

  static Engine engine(FoldedNetwork network) {
    return EngineKind.AUTO.open(network, ComputeDevice.CPU, Precision.FP32, _ -> {});
  }

  /** What the engine predicts for a test picture. */
  static float[] expected(FoldedNetwork network, boolean decoded) {
    try (Engine engine = engine(network)) {
      return TestPicture.of(network.spec()).predictions(engine, decoded);
    }
  }

  /** What it predicts for pictures of [B, H, W, 3], decoded. */
  static float[] expected(Engine engine, byte[] pixels, int height, int width) {
    int length = height * width * 3;
    List<float[]> pictures = new ArrayList<>();
    for (int from = 0; from < pixels.length; from += length) {
      byte[] one = Arrays.copyOfRange(pixels, from, from + length);
      pictures.add(new TestPicture(height, width, 3, one).predictions(engine, true));
    }
    int row = pictures.getFirst().length;
    float[] all = new float[pictures.size() * row];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i), 0, all, i * row, row);
    }
    return all;
  }

  static List<String> names(ModelSpec spec) {
    return Stream.iterate(0, i -> i + 1).limit(spec.classes()).map(i -> "name " + i).toList();
  }

  /** The same objects in the same order, up to rounding in layers' sums. */
  static void assertSame(List<Detection> expected, List<Detection> found) {
    assertEquals(
        expected.stream().map(Detection::classId).toList(),
        found.stream().map(Detection::classId).toList());
    for (int i = 0; i < expected.size(); i++) {
      Detection e = expected.get(i);
      Detection f = found.get(i);
      assertEquals(e.score(), f.score(), 1e-4, e.toString());
      float[] corners = {e.x1(), e.y1(), e.x2(), e.y2()};
      float largest = Difference.largest(corners, new float[] {f.x1(), f.y1(), f.x2(), f.y2()});
      assertTrue(largest < 1e-3, () -> e + " is " + f);
    }
  }
}
