package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.yolox4j.Comparison;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.Shared;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.LossValues;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten training steps of the reference in 64 bits, and its parameter groups. */
class GoldenTrainingTest {

  private static final int CLASSES = 3;
  private static final int BATCH = 4;
  private static final int SIDE = 128;
  private static final int PIXELS = 16; // of a side before each is repeated
  private static final int[] COUNTS = {3, 1, 0, 5};
  private static final int L1_FROM = 8;

  /** What rounding costs in ten steps at so small a rate. */
  private static final double TOLERANCE = 1e-10;

  private static int threads;

  @BeforeAll
  static void useOneThread() {
    threads = LibTorch.threads();
    IntraOpThreads.set(1); // such small operations gain nothing by two
  }

  @AfterAll
  static void useAllThreads() {
    IntraOpThreads.set(threads);
  }

  /** The operators that training looks up stay for the life of the process. */
  @BeforeAll
  static void lookUpOperators() throws ReflectiveOperationException {
    for (Class<?> type : List.of(Sgd.class, MovingAverage.class)) {
      Class.forName(type.getName(), true, type.getClassLoader());
    }
  }

  @ParameterizedTest
  @CsvSource({"HEAD, false", "LEGACY, false", "HEAD, true"})
  void tenStepsAreTheReferences(AssignmentRule rule, boolean products) {
    long live = LiveNatives.count();
    try (Learner learner =
        new Learner(
            network(),
            recipe(rule),
            ComputeDevice.CPU,
            Precision.FP64,
            Ranks.alone(),
            _ -> {},
            products ? (trainable, _) -> new WeightProducts(trainable) : Autograd::new)) {
      compare(rule, learner, ComputeDevice.CPU);
    }
    LiveNatives.assertNoneLeftSince(live);
  }

  @Tag("gpu")
  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void tenStepsOnTheDeviceAreTheReferences(AssignmentRule rule) {
    ComputeDevice device = DeviceUnderTest.get();
    try (Learner learner =
        new Learner(network(), recipe(rule), device, Precision.FP64, Ranks.alone(), _ -> {})) {
      compare(rule, learner, device);
    }
  }

  private static Recipe recipe(AssignmentRule rule) {
    String name = rule.name().toLowerCase(Locale.ROOT);
    return RecipeFile.change(Recipe.DEFAULT, Map.of("loss.assignment", name), "the test");
  }

  /** The network with which the steps begin. */
  private static YoloX network() {
    YoloX network = YoloX.create(OfficialModel.NANO.spec().withClasses(CLASSES));
    ReferenceInputs.fill(network);
    try (var _ = new Scope()) {
      network
          .stateDict()
          .forEach(
              (key, tensor) -> {
                if (key.matches("head\\.(cls|obj)_preds\\.\\d\\.bias")) {
                  tensor.set_data(tensor.detach().fill_(new Scalar(-Math.log(99))));
                }
              });
    }
    return network;
  }

  private static void compare(AssignmentRule rule, Learner learner, ComputeDevice device) {
    JsonNode figures = Shared.numbers("train_" + rule.name().toLowerCase(Locale.ROOT));
    LearningRate rates =
        new LearningRate(
            new ScheduleRecipe(Schedule.YOLOXWARMCOS, 1, 0, 0.05, List.of(), 0.1, 0, 0),
            0.01 / 64 * BATCH * 0.001,
            2,
            5,
            1);
    Comparison comparison = new Comparison();
    double rate = rates.rate(); // unlike real training, which begins with the warm-up's rate
    int iteration = 0;
    for (JsonNode expected : figures.get("trajectory")) {
      LossValues found = step(learner, iteration, expected.get("size").asInt(), rate, device);
      String when = " in step " + iteration;
      values(found)
          .forEach((key, value) -> compare(comparison, key + when, expected.get(key), value));
      rate = rates.at(iteration + 1);
      compare(comparison, "rate" + when, expected.get("lr_after"), rate);
      iteration++;
    }
    Map<String, Double> norms = norms(learner.network());
    Map<String, Double> averages = norms(learner.average().orElseThrow().network());
    for (Map.Entry<String, JsonNode> norm : figures.get("final_norms").properties()) {
      String key = norm.getKey();
      compare(comparison, key, norm.getValue().get("model"), norms.get(key));
      compare(comparison, "average of " + key, norm.getValue().get("ema"), averages.get(key));
    }
    comparison.assertPassed();
  }

  /** The Euclidean norm of every tensor but counters, by its key. */
  private static Map<String, Double> norms(TrainableNetwork network) {
    try (var _ = new Scope()) {
      Map<String, Double> norms = new LinkedHashMap<>();
      network
          .floating()
          .forEach((key, tensor) -> norms.put(key, Tensors.toDoubles(tensor.norm())[0]));
      return norms;
    }
  }

  private static Map<String, Double> values(LossValues found) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("total_loss", found.total());
    values.put("iou_loss", found.box());
    values.put("l1_loss", found.l1());
    values.put("conf_loss", found.objectness());
    values.put("cls_loss", found.classes());
    values.put("num_fg", found.positivesPerObject());
    return values;
  }

  private static void compare(Comparison comparison, String what, JsonNode expected, double found) {
    double value = expected.asDouble();
    comparison.add(what, value, found, TOLERANCE * Math.abs(value));
  }

  private static LossValues step(
      Learner learner, int iteration, int side, double rate, ComputeDevice device) {
    try (var _ = new Scope()) {
      Tensor pictures = pictures(iteration).to(device.toTorch(), ScalarType.Double);
      Labels labels = ReferenceInputs.labels(6000 + 10L * iteration, SIDE, SIDE, COUNTS, CLASSES);
      Multiscale.Size size = new Multiscale.Size(side, side);
      try (Losses losses =
          learner.accumulate(
              Multiscale.resize(pictures, size),
              Multiscale.resize(labels, SIDE, SIDE, size),
              iteration >= L1_FROM)) {
        learner.update(rate);
        return LossValues.of(losses);
      }
    }
  }

  private static Tensor pictures(int iteration) {
    float[] small = ReferenceInputs.values(5000 + iteration, BATCH * 3 * PIXELS * PIXELS, 0, 255);
    float[] large = new float[BATCH * 3 * SIDE * SIDE];
    int times = SIDE / PIXELS;
    for (int i = 0; i < large.length; i++) {
      int x = i % SIDE / times;
      int y = i / SIDE % SIDE / times;
      large[i] = small[(i / (SIDE * SIDE) * PIXELS + y) * PIXELS + x];
    }
    return Tensors.of(large, BATCH, 3, SIDE, SIDE);
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void parameterGroupsAreTheReferences(OfficialModel model) {
    JsonNode groups = Shared.numbers("models").get(model.key()).get("groups");
    List<Integer> expected = new ArrayList<>();
    groups.forEach(size -> expected.add(size.asInt()));
    try (YoloX network = YoloX.create(model.spec());
        var _ = new Scope()) {
      assertEquals(expected, new Sgd(TrainableNetwork.of(network), 0.9, 5e-4).groupSizes());
    }
  }
}
