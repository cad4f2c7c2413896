package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.data.TrainingData;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.detect.DetectorOptions;
import io.github.yolox4j.dist.RankThreads;
import io.github.yolox4j.dist.Ranks;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.eval.CocoEvaluator;
import io.github.yolox4j.eval.ModelDetections;
import io.github.yolox4j.eval.Shard;
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
import io.github.yolox4j.weights.WeightArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several ranks do what one process would. */
class RankTrainingTest {

  private static final int STEPS = 10;
  private static final int BATCH = 4;
  private static final int CLASSES = 3;
  private static final int SIDE = 64;
  private static final int[] COUNTS = {3, 0, 5, 1};

  private static int threads;
  private static Map<String, WeightArray> initial;

  @TempDir Path folder;

  @BeforeAll
  static void oneThread() {
    threads = LibTorch.threads();
    IntraOpThreads.set(1);
    torch.manual_seed(1);
    try (YoloX network = YoloX.create(OfficialModel.NANO.spec().withClasses(CLASSES))) {
      network.to(ScalarType.Double, false);
      initial = Networks.arrays(network);
    }
  }

  @AfterAll
  static void giveBackThreads() {
    IntraOpThreads.set(threads);
  }

  /** A network in float64 whose steps can be taken apart. */
  private static final class Run implements AutoCloseable {
    private final Learner learner;

    Run(boolean frozen, Ranks ranks, LossNormalization normalization, int accumulate) {
      YoloX network = YoloX.create(OfficialModel.NANO.spec().withClasses(CLASSES));
      Map<String, String> settings =
          Map.of(
              "average.enabled",
              "false",
              "loss.normalize",
              normalization.name().toLowerCase(Locale.ROOT),
              "optimizer.accumulate",
              Integer.toString(accumulate));
      learner =
          new Learner(
              network,
              RecipeFile.change(Recipe.DEFAULT, settings, "the test"),
              ComputeDevice.CPU,
              Precision.FP64,
              ranks,
              _ -> {},
              Autograd::new);
      Networks.set(initial, learner.network().state(), "the test");
      if (frozen) {
        freezeStatistics(network);
      }
    }

    private static void freezeStatistics(YoloX network) {
      try (var _ = new Scope()) {
        StringSharedModuleDict modules = network.named_modules("", false);
        for (long i = 0; i < modules.size(); i++) {
          if (modules.get(i).key().getString().endsWith(".bn")) {
            modules.get(i).value().eval();
          }
        }
      }
    }

    /** Adds the gradients of some pictures of an iteration's batch. */
    void accumulate(int iteration, int first, int count) {
      try (var _ = new Scope()) {
        float[] values = ReferenceInputs.values(5000 + iteration, BATCH * 3 * SIDE * SIDE, 0, 1);
        int picture = 3 * SIDE * SIDE;
        float[] some = Arrays.copyOfRange(values, first * picture, (first + count) * picture);
        int[] counts = Arrays.copyOfRange(COUNTS, first, first + count);
        Labels labels =
            ReferenceInputs.labels(6000 + 10L * iteration + first, SIDE, SIDE, counts, CLASSES);
        learner
            .accumulate(
                Tensors.of(some, count, 3, SIDE, SIDE).to(ScalarType.Double),
                labels,
                iteration >= 8)
            .close();
      }
    }

    void update() {
      try (var _ = new Scope()) {
        learner.update(1e-3);
      }
    }

    double[] weights() {
      return numbers(learner.network().trained());
    }

    double[] statistics() {
      return numbers(learner.network().statistics());
    }

    private static double[] numbers(List<Tensor> tensors) {
      try (var _ = new Scope()) {
        return tensors.stream()
            .flatMapToDouble(each -> Arrays.stream(Tensors.toDoubles(each.detach())))
            .toArray();
      }
    }

    @Override
    public void close() {
      learner.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, RANK", "4, RANK", "2, GLOBAL", "4, GLOBAL"})
  void tenStepsAreThoseOfOneProcess(int size, LossNormalization normalization)
      throws InterruptedException {
    int share = BATCH / size;
    double[] expected;
    double[] before;
    int parts = normalization == LossNormalization.GLOBAL ? 1 : size;
    try (Run run = new Run(true, Ranks.alone(), normalization, parts)) {
      before = run.weights();
      for (int i = 0; i < STEPS; i++) {
        for (int part = 0; part < parts; part++) {
          run.accumulate(i, part * BATCH / parts, BATCH / parts);
        }
        run.update();
      }
      expected = run.weights();
    }
    assertFalse(Arrays.equals(before, expected));
    List<List<double[]>> weights =
        RankThreads.run(
            size,
            ranks -> {
              List<double[]> steps = new ArrayList<>();
              try (Run run = new Run(true, ranks, normalization, 1)) {
                for (int i = 0; i < STEPS; i++) {
                  run.accumulate(i, ranks.rank() * share, share);
                  run.update();
                  steps.add(run.weights());
                }
              }
              return steps;
            });
    for (int i = 0; i < STEPS; i++) {
      for (List<double[]> rank : weights) {
        assertArrayEquals(weights.getFirst().get(i), rank.get(i), "weights of step " + i);
      }
    }
    assertArrayEquals(expected, weights.getFirst().getLast(), 1e-9);
  }

  @Test
  void statisticsAreOfEachRanksOwnPicturesUntilTheyAreAveraged() throws InterruptedException {
    List<List<double[]>> found =
        RankThreads.run(
            2,
            ranks -> {
              try (Run run = new Run(false, ranks, LossNormalization.RANK, 1)) {
                run.accumulate(0, 2 * ranks.rank(), 2);
                run.update();
                double[] own = run.statistics();
                ranks.average(run.learner.network().statistics());
                return List.of(own, run.statistics());
              }
            });
    double[] first = found.get(0).getFirst();
    double[] second = found.get(1).getFirst();
    assertFalse(Arrays.equals(first, second));
    double[] mean = new double[first.length];
    Arrays.setAll(mean, i -> (first[i] + second[i]) / 2);
    for (List<double[]> each : found) {
      assertArrayEquals(mean, each.getLast(), 1e-12);
    }
    // one process that sees only its half has the same statistics
    try (Run run = new Run(false, Ranks.alone(), LossNormalization.RANK, 1)) {
      run.accumulate(0, 2, 2);
      assertArrayEquals(run.statistics(), second, 1e-12);
    }
  }

  @Test
  void aBatchIsSharedEvenlyOrNotAtAll() {
    Recipe recipe = Recipe.of(OfficialModel.NANO.spec());
    assertEquals(recipe.batch() / 2, recipe.batchOf(2));
    assertEquals(
        "A batch of 16 images cannot be shared by 3 ranks; expected a multiple of 3",
        assertThrows(YoloxException.class, () -> recipe.batchOf(3)).getMessage());
  }

  // ---- whole runs

  private static ModelSpec spec() {
    return OfficialModel.NANO
        .spec()
        .withClasses(SyntheticData.CLASS_NAMES.size())
        .withInput(96, 96);
  }

  private TrainingData data() {
    Path shapes = folder.resolve("shapes");
    if (!Files.exists(shapes)) {
      new SyntheticData(12, 7, 96, 96, 3).write(shapes, _ -> {});
    }
    return TrainingData.open(shapes, "train", "val");
  }

  private TrainingPlan plan(boolean resume) {
    TrainingData data = data();
    Map<String, String> settings =
        Map.of(
            "epochs", "2",
            "batch", "4",
            "no-augmentation-epochs", "1",
            "schedule.warmup-epochs", "1",
            "log-interval", "1",
            "evaluation.confidence", "0.0001");
    return new TrainingPlan(
        spec(),
        RecipeFile.change(Recipe.of(spec()), settings, "the test"),
        data.train(),
        data.validation(),
        Optional.empty(),
        new RunFolder(folder.resolve("run")),
        resume,
        ComputeDevice.CPU,
        Precision.FP32);
  }

  private List<JsonNode> metrics(String type) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (String line : Files.readAllLines(plan(false).folder().metrics())) {
      JsonNode node = new ObjectMapper().readTree(line);
      if (node.get("type").asText().equals(type)) {
        found.add(node);
      }
    }
    return found;
  }

  @Test
  void aRunEvaluatesAsOneProcessDoesAndGoesOnWithAnotherNumberOfRanks() throws Exception {
    Files.createDirectories(folder.resolve("run"));
    TrainingPlan plan = plan(false);
    data();
    List<RankThreads.Result<TrainingResult>> stopped =
        RankThreads.results(
            2,
            ranks ->
                Trainer.train(
                    plan,
                    ranks,
                    event -> {
                      if (event instanceof TrainingEvent.Stepped step && step.epoch() == 2) {
                        throw new IllegalStateException("the plug was pulled");
                      }
                    }));
    assertEquals("the plug was pulled", stopped.get(0).failure().getMessage());
    assertEquals("Rank 0 failed: the plug was pulled", stopped.get(1).failure().getMessage());

    List<TrainingResult> results =
        RankThreads.run(4, ranks -> Trainer.train(plan(true), ranks, _ -> {}));
    assertEquals(List.of(2, 2, 2, 2), results.stream().map(TrainingResult::epochs).toList());
    assertEquals(6, metrics("step").size());

    JsonNode best = metrics("eval").get(results.getFirst().bestEpoch() - 1);
    DetectorOptions options =
        DetectorOptions.DEFAULTS
            .withConfidence(0.0001)
            .withNms(plan.recipe().evaluation().nms())
            .withAgnostic(false)
            .withClipping(false)
            .withEngine(EngineKind.TORCH);
    try (Detector detector = Detector.open(plan.folder().best(), options)) {
      var detections =
          ModelDetections.detect(
              detector, plan.validation().get(), Shard.ALL, ComputeDevice.CPU, 1, _ -> {});
      assertTrue(detections.size() > 0);
      assertEquals(CocoEvaluator.evaluate(detections).metrics().ap(), best.get("AP").asDouble());
    }
  }
}
