package io.github.yolox4j.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.Comparison;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.Shared;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.Prediction;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's forward pass of the seven models on closed-form weights. */
class GoldenForwardTest {

  private static final int HEIGHT = 64;
  private static final int WIDTH = 96;
  private static final int BATCH = 2;

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void stateDictHasTheOfficialKeysAndShapesInOrder(OfficialModel model) throws Exception {
    JsonNode official =
        new ObjectMapper().readTree(Shared.golden("state_dict_" + model.key() + ".json").toFile());
    List<String> expected = new ArrayList<>();
    official.forEach(e -> expected.add(e.get(0).asText() + e.get(1).toString().replace(" ", "")));
    try (YoloX network = YoloX.create(model.spec());
        var _ = new Scope()) {
      List<String> registered =
          network.stateDict().entrySet().stream()
              .map(e -> e.getKey() + Arrays.toString(e.getValue().shape()).replace(" ", ""))
              .toList();
      assertEquals(expected, registered);
      List<String> derived =
          Network.of(model.spec()).stateDict().stream()
              .map((StateEntry e) -> e.key() + e.shape().toString().replace(" ", ""))
              .toList();
      assertEquals(expected, derived);
    }
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void forwardGivesTheReferencesFigures(OfficialModel model) {
    try (Weights figures = Weights.read(Shared.golden("forward_" + model.key() + ".safetensors"));
        YoloX network = YoloX.create(model.spec())) {
      ReferenceInputs.fill(network);
      Networks.load(network, figures); // the running statistics
      network.eval();
      float[] expected = figures.arrays().get("raw").toFloats();
      double tolerance = tolerance(model) * largest(expected);
      assertClose(
          expected,
          raw(network, ComputeDevice.CPU, ScalarType.Float, MemoryFormat.Contiguous),
          tolerance);

      float[] exact = figures.arrays().get("raw64").toFloats();
      try (YoloX folded = Networks.folded(network, InputScaling.NONE)) {
        assertClose(
            exact,
            raw(folded, ComputeDevice.CPU, ScalarType.Float, MemoryFormat.Contiguous),
            tolerance);
      }
      assertClose(
          exact,
          raw(network, ComputeDevice.CPU, ScalarType.Double, MemoryFormat.Contiguous),
          2e-7 * largest(exact));
    }
  }

  /** As a share of the largest prediction; the largest model amplifies rounding. */
  private static double tolerance(OfficialModel model) {
    return model == OfficialModel.X ? 1e-3 : 2e-4;
  }

  static Stream<Arguments> everyModelInEveryArithmetic() {
    return Arrays.stream(OfficialModel.values())
        .flatMap(
            model -> Arrays.stream(Arithmetic.values()).map(each -> Arguments.of(model, each)));
  }

  @Tag("gpu")
  @ParameterizedTest
  @MethodSource("everyModelInEveryArithmetic")
  void deviceGivesTheReferencesFigures(OfficialModel model, Arithmetic arithmetic) {
    ComputeDevice device = DeviceUnderTest.get();
    arithmetic.use(device);
    try (Weights figures = Shared.tensors("forward_" + model.key());
        YoloX network = YoloX.create(model.spec())) {
      ReferenceInputs.fill(network);
      Networks.load(network, figures); // the running statistics
      network.eval();
      double[] expected = figures.arrays().get("raw64").toDoubles();
      Comparison comparison = new Comparison();
      try (YoloX folded = Networks.folded(network, InputScaling.NONE)) {
        Networks.toChannelsLast(folded);
        double[] found =
            raw(folded, device, Tensors.type(arithmetic.precision()), MemoryFormat.ChannelsLast);
        if (arithmetic == Arithmetic.FP32) {
          comparison.addAll("prediction", expected, found, tolerance(model));
        } else {
          double error = relativeError(expected, found);
          comparison.add("relative error", 0, error, relativeTolerance(arithmetic));
        }
      }
      comparison.assertPassed();
    }
  }

  /** The root of the mean square of the differences, as a share of that of the numbers. */
  private static double relativeError(double[] expected, double[] found) {
    double differences = 0;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      differences += (expected[i] - found[i]) * (expected[i] - found[i]);
      squares += expected[i] * expected[i];
    }
    return Math.sqrt(differences / squares);
  }

  /**
   * Networks of random weights amplify rounding some 500 times. On processors the models' errors
   * are 0.014 to 0.084 with 10 bits of fraction and 0.10 to 0.56 with 7; unrelated numbers would be
   * off by 1.4.
   */
  private static double relativeTolerance(Arithmetic arithmetic) {
    return arithmetic == Arithmetic.BF16 ? 0.8 : 0.15;
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void decodingGivesTheReferencesFigures(OfficialModel model) {
    try (Weights figures = Weights.read(Shared.golden("forward_" + model.key() + ".safetensors"))) {
      float[] raw = figures.arrays().get("raw").toFloats();
      float[] expected = figures.arrays().get("decoded").toFloats();
      AnchorGrid grid = AnchorGrid.of(Network.of(model.spec()).predictions(), HEIGHT, WIDTH);
      int row = raw.length / BATCH / grid.size();
      for (int i = 0; i < raw.length / row; i++) {
        int cell = i % grid.size();
        AnchorGrid.Level level = grid.level(cell);
        float[] box = Arrays.copyOfRange(raw, i * row, i * row + Prediction.BOX);
        level.decode(cell - level.first(), box);
        System.arraycopy(box, 0, raw, i * row, box.length);
      }
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], raw[i], 1e-6 * Math.abs(expected[i]) + 1e-30, "element " + i);
      }
    }
  }

  /** Moves a network and lets it predict. */
  private static double[] raw(
      YoloX network, ComputeDevice device, ScalarType type, MemoryFormat format) {
    long live = LiveNatives.count();
    double[] values;
    try (var _ = new Scope();
        InferenceMode _ = new InferenceMode(true)) {
      Device target = device.toTorch();
      network.to(target, type, false);
      Tensor picture =
          Tensors.of(
                  ReferenceInputs.values(1_000_000, 2L * 3 * HEIGHT * WIDTH, 0, 255),
                  2,
                  3,
                  HEIGHT,
                  WIDTH)
              .to(target, type)
              .contiguous(format);
      values = Tensors.toDoubles(Decoding.flatten(network.forward(picture)));
    }
    LiveNatives.assertNoneLeftSince(live);
    return values;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static void assertClose(float[] expected, double[] found, double tolerance) {
    assertEquals(expected.length, found.length);
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(expected[i] - found[i]));
    }
    assertTrue(worst <= tolerance, "largest difference " + worst + " above " + tolerance);
  }
}
