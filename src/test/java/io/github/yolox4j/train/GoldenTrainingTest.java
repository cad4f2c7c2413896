package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Golden;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossNormalizer;
import io.github.yolox4j.loss.Losses;
import io.github.yolox4j.loss.Targets;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten training steps of the reference in 64 bits, and its parameter groups. */
class GoldenTrainingTest {

  private static final int CLASSES = 3;
  private static final int BATCH = 4;
  private static final int SIDE = 128;
  private static final int[] COUNTS = {3, 1, 0, 5};

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

  private static void biases(YoloX network) {
    try (var _ = new Scope()) {
      TrainableNetwork.of(network)
          .state()
          .forEach(
              (key, tensor) -> {
                if (key.matches("head\\.(cls|obj)_preds\\.\\d\\.bias")) {
                  tensor.set_data(tensor.detach().fill_(new Scalar(-Math.log(99))));
                }
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, false, false",
    "LEGACY, false, false",
    "HEAD, true, false",
    "HEAD, true, true"
  })
  void tenStepsAreTheReferences(AssignmentRule rule, boolean channelsLast, boolean products)
      throws Exception {
    String file = "train_" + rule.name().toLowerCase(Locale.ROOT) + ".json";
    JsonNode figures = new ObjectMapper().readTree(Shared.golden(file).toFile());
    ModelSpec spec = OfficialModel.NANO.spec().withClasses(CLASSES);
    long live = LiveNatives.count();
    try (YoloX network = YoloX.create(spec);
        YoloX averaged = YoloX.create(spec);
        var _ = new Scope()) {
      for (YoloX each : List.of(network, averaged)) {
        Golden.fill(each);
        biases(each);
        each.to(ScalarType.Double, false);
        if (channelsLast) {
          Networks.toChannelsLast(each);
        }
      }
      TrainableNetwork trainable = TrainableNetwork.of(network);
      TrainableNetwork average = TrainableNetwork.of(averaged);
      TrainingStep step =
          new TrainingStep(
              trainable,
              products ? new ProductPropagation(trainable) : new AutogradPropagation(trainable),
              DetectionLoss.of(rule, BoxLoss.IOU, LossNormalizer.BATCH, ComputeDevice.CPU, _ -> {}),
              new Sgd(trainable, 0.9, 5e-4),
              Optional.of(new MovingAverage(average, trainable, AverageRecipe.DEFAULT)),
              Optional.empty(),
              ComputeDevice.CPU,
              Precision.FP64,
              0);
      LearningRate rates =
          new LearningRate(
              new ScheduleRecipe(Schedule.YOLOXWARMCOS, 1, 0, 0.05, List.of(), 0.1, 0, 0),
              0.01 / 64 * BATCH * 0.001,
              2,
              5,
              1);
      double rate = rates.rate(); // unlike real training, which begins with the warm-up's rate
      int iteration = 0;
      for (JsonNode expected : figures.get("trajectory")) {
        int side = expected.get("size").asInt();
        try (var _ = new Scope()) {
          Losses losses = step(step, iteration, side);
          double[] parts = Tensors.toDoubles(losses.parts());
          losses.close();
          step.update(rate);
          String[] keys = {"total_loss", "iou_loss", "l1_loss", "conf_loss", "cls_loss", "num_fg"};
          for (int i = 0; i < keys.length; i++) {
            assertClose(expected.get(keys[i]).asDouble(), parts[i], keys[i] + " " + iteration);
          }
        }
        rate = rates.at(iteration + 1);
        assertClose(expected.get("lr_after").asDouble(), rate, "rate " + iteration);
        iteration++;
      }
      for (Map.Entry<String, JsonNode> norm : figures.get("final_norms").properties()) {
        assertClose(
            norm.getValue().get("model").asDouble(),
            trainable.state().get(norm.getKey()).norm().item_double(),
            norm.getKey());
        assertClose(
            norm.getValue().get("ema").asDouble(),
            average.state().get(norm.getKey()).norm().item_double(),
            "average of " + norm.getKey());
      }
    }
    LiveNatives.assertNoneLeftSince(live);
  }

  private static Losses step(TrainingStep step, int iteration, int side) {
    float[] small = Golden.values(5000 + iteration, BATCH * 3 * 16 * 16, 0, 255);
    float[] large = new float[BATCH * 3 * SIDE * SIDE];
    for (int i = 0; i < large.length; i++) {
      int x = i % SIDE / 8;
      int y = i / SIDE % SIDE / 8;
      large[i] = small[(i / (SIDE * SIDE) * 16 + y) * 16 + x];
    }
    Tensor pictures = Tensors.of(large, BATCH, 3, SIDE, SIDE).to(ScalarType.Double);
    float[] labels = Golden.labels(6000 + 10L * iteration, SIDE, SIDE, COUNTS, CLASSES, 20);
    Targets targets = Targets.ofPadded(labels, BATCH, CLASSES, b -> "picture " + b);
    Multiscale.Size size = new Multiscale.Size(side, side);
    return step.accumulate(
        Multiscale.resize(pictures, size),
        Multiscale.resize(targets, SIDE, SIDE, size),
        iteration >= 8,
        1);
  }

  private static void assertClose(double expected, double found, String what) {
    assertEquals(expected, found, 1e-10 * Math.abs(expected), what);
  }

  @ParameterizedTest
  @EnumSource(OfficialModel.class)
  void parameterGroupsAreTheReferences(OfficialModel model) throws Exception {
    JsonNode groups =
        new ObjectMapper()
            .readTree(Shared.golden("models.json").toFile())
            .get(model.key())
            .get("groups");
    List<Integer> expected = new ArrayList<>();
    groups.forEach(size -> expected.add(size.asInt()));
    try (YoloX network = YoloX.create(model.spec());
        var _ = new Scope()) {
      assertEquals(expected, new Sgd(TrainableNetwork.of(network), 0.9, 5e-4).groupSizes());
    }
  }
}
