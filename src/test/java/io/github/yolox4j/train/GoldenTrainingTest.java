package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;
import io.github.yolox4j.loss.DetectionLoss;
import io.github.yolox4j.loss.LossNormalizer;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.proof.Comparison;
import io.github.yolox4j.proof.ReferenceFigures;
import io.github.yolox4j.proof.StepsCheck;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten training steps of the reference in 64 bits, and its parameter groups. */
class GoldenTrainingTest {

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
    ReferenceFigures figures = new ReferenceFigures(Shared.golden(""));
    long live = LiveNatives.count();
    try (StepwiseTraining training =
        new StepwiseTraining(
            StepsCheck.network(),
            DetectionLoss.of(rule, BoxLoss.IOU, LossNormalizer.BATCH, ComputeDevice.CPU, _ -> {}),
            ComputeDevice.CPU,
            Precision.FP64,
            products ? ProductPropagation::new : AutogradPropagation::new)) {
      Comparison found = StepsCheck.compare(figures, rule, training, ComputeDevice.CPU);
      assertTrue(found.passed(), found::where);
    }
    LiveNatives.assertNoneLeftSince(live);
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
