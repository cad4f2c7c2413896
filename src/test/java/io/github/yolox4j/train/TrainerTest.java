package io.github.yolox4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.SyntheticData;
import io.github.yolox4j.data.TrainingData;
import io.github.yolox4j.detect.Detector;
import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small runs on a synthetic data set, from the first file to the last. */
class TrainerTest {

  private static final int IMAGES = 12;

  @TempDir static Path shapes;
  private static TrainingData data;
  private static int threads;

  @TempDir Path folder;

  @BeforeAll
  static void draw() {
    new SyntheticData(IMAGES, 4, 96, 96, 3).write(shapes, _ -> {});
    data = TrainingData.open(shapes, "train", "val");
    threads = LibTorch.threads();
    IntraOpThreads.set(1); // sums in one order, so that runs can be compared digit for digit
  }

  @AfterAll
  static void giveBackThreads() {
    IntraOpThreads.set(threads);
  }

  private static Map<String, String> settings(String... more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("epochs", "3");
    settings.put("batch", "4");
    settings.put("no-augmentation-epochs", "1");
    settings.put("schedule.warmup-epochs", "1");
    settings.put("log-interval", "1");
    settings.put("multiscale.every", "2");
    settings.put("multiscale.below", "1");
    settings.put("multiscale.above", "1");
    for (String setting : more) {
      int equals = setting.indexOf('=');
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return settings;
  }

  private static ModelSpec spec() {
    return OfficialModel.NANO
        .spec()
        .withClasses(SyntheticData.CLASS_NAMES.size())
        .withInput(96, 96);
  }

  private static TrainingPlan plan(Path folder, boolean resume, String... more) {
    return new TrainingPlan(
        spec(),
        RecipeFile.change(Recipe.of(spec()), settings(more), "the test"),
        data.train(),
        data.validation(),
        Optional.empty(),
        new RunFolder(folder),
        resume,
        ComputeDevice.CPU,
        Precision.FP32);
  }

  /** The losses and accuracies of a run, without what depends on the machine. */
  private static List<String> metrics(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(new RunFolder(folder).metrics())) {
      JsonNode node = new ObjectMapper().readTree(line);
      ((ObjectNode) node).remove(List.of("images_per_s", "waiting", "memory_mib"));
      lines.add(node.toString());
    }
    return lines;
  }

  /** Stops a run as a kill would: nothing of it is finished in order. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void runWritesItsFilesAndTellsWhatHappens() throws IOException {
    List<TrainingEvent> events = new ArrayList<>();
    TrainingResult result = Trainer.train(plan(folder, false), events::add);
    assertEquals(3, result.epochs());
    RunFolder files = new RunFolder(folder);
    for (Path file :
        List.of(
            files.config(),
            files.latest(),
            files.best(),
            files.metrics(),
            files.lastMosaicEpoch())) {
      assertTrue(Files.size(file) > 0, file.toString());
    }
    try (var entries = Files.list(folder)) {
      assertEquals(5, entries.count());
    }
    assertEquals(spec(), ModelFile.read(files.config()).spec());
    assertEquals(plan(folder, false).recipe(), RecipeFile.read(files.config()));
    assertTrue(events.getFirst() instanceof TrainingEvent.Started);
    assertTrue(events.getLast() instanceof TrainingEvent.Finished);
    // 9 iterations; evaluations after the epochs without augmentation, of which 2 are the first
    assertEquals(9, events.stream().filter(e -> e instanceof TrainingEvent.Stepped).count());
    assertEquals(2, events.stream().filter(e -> e instanceof TrainingEvent.Evaluated).count());
    assertEquals(2, events.stream().filter(e -> e instanceof TrainingEvent.FirstBatch).count());
    for (TrainingEvent event : events) {
      if (event instanceof TrainingEvent.Stepped step) {
        assertEquals(step.epoch() >= 2, step.losses().l1() > 0, "L1 in epoch " + step.epoch());
      }
    }
    assertEquals(11, metrics(folder).size());
  }

  @Test
  void trainedWeightsTellTheirModelAndClasses() {
    Trainer.train(plan(folder, false, "epochs=1", "no-augmentation-epochs=0"), _ -> {});
    Path best = new RunFolder(folder).best();
    try (Weights weights = Weights.read(best);
        Detector detector = Detector.open(best)) {
      WeightsMatch.of(spec(), weights).requireExact();
      assertEquals(spec(), detector.spec());
      assertEquals(SyntheticData.CLASS_NAMES, detector.classNames());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 9})
  void killedRunGoesOnAsIfItHadNeverBeenStopped(int steps) throws IOException {
    // a checkpoint after every iteration, as if minutes had passed
    String[] often = {"checkpoint.minutes=0.000001"};
    Path whole = folder.resolve("whole");
    Path broken = folder.resolve("broken");
    for (Path each : List.of(whole, broken)) {
      Files.createDirectories(each);
    }
    Trainer.train(plan(whole, false, often), _ -> {});
    assertThrows(
        Killed.class,
        () ->
            Trainer.train(
                plan(broken, false, often),
                event -> {
                  if (event instanceof TrainingEvent.Stepped step && step.step() == steps) {
                    throw new Killed(); // its line is written, its checkpoint is not
                  }
                }));
    if (steps == 1) {
      assertFalse(Files.exists(new RunFolder(broken).latest()));
      return;
    }
    Files.writeString(
        new RunFolder(broken).metrics(),
        "{\"type\":\"step\",\"epo", // the kill came in the middle of a line
        StandardOpenOption.APPEND);
    Trainer.train(plan(broken, true, often), _ -> {});
    assertEquals(metrics(whole), metrics(broken));
    assertEquals(-1, Files.mismatch(new RunFolder(whole).best(), new RunFolder(broken).best()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"BF16", "FP16"})
  void mixedPrecisionTrainsAndResumes(Precision precision) {
    TrainingPlan full = plan(folder, false, "epochs=1", "no-augmentation-epochs=0");
    TrainingPlan mixed =
        new TrainingPlan(
            full.spec(),
            full.recipe(),
            full.train(),
            full.validation(),
            full.weights(),
            full.folder(),
            false,
            full.device(),
            precision);
    List<Double> losses = new ArrayList<>();
    Trainer.train(
        mixed,
        event -> {
          if (event instanceof TrainingEvent.Stepped step) {
            losses.add(step.losses().total());
          }
        });
    assertEquals(3, losses.size());
    assertTrue(losses.stream().allMatch(Double::isFinite));
    try (SavedRun saved = SavedRun.open(full.folder())) {
      assertEquals(3, saved.number(SavedRun.ITERATION));
      if (precision == Precision.FP16) {
        assertTrue(saved.real(SavedRun.SCALE) > 0);
      }
    }
  }

  @Test
  void accumulatedBatchesAreOneUpdate() {
    List<TrainingEvent.Stepped> steps = new ArrayList<>();
    Trainer.train(
        plan(folder, false, "optimizer.accumulate=3", "epochs=2", "no-augmentation-epochs=0"),
        event -> {
          if (event instanceof TrainingEvent.Stepped step) {
            steps.add(step);
          }
        });
    assertEquals(2, steps.size());
    assertEquals(0.01 / 64 * 12, steps.getLast().rate(), 1e-15);
  }

  @Test
  void frozenParametersStayAndTheOthersMove() {
    Trainer.train(
        plan(
            folder,
            false,
            "epochs=2",
            "no-augmentation-epochs=0",
            "freeze=[backbone]",
            "average.enabled=false",
            "checkpoint.history=true",
            "optimizer.rate=1",
            "optimizer.clip-norm=1"),
        _ -> {});
    RunFolder files = new RunFolder(folder);
    try (Weights first = Weights.read(files.epoch(1));
        Weights second = Weights.read(files.epoch(2))) {
      first
          .arrays()
          .forEach(
              (key, array) -> {
                boolean same = array.data().mismatch(second.arrays().get(key).data()) < 0;
                if (key.startsWith("backbone")) {
                  assertTrue(same, key);
                } else if (array.shape().length == 4) { // a scale near 1 may move too little
                  assertFalse(same, key);
                }
              });
    }
  }

  @Test
  void trainingEndsWhenAccuracyDoesNotGrow() {
    List<String> notices = new ArrayList<>();
    TrainingResult result =
        Trainer.train(
            plan(
                folder,
                false,
                "epochs=9",
                "evaluation.every=1",
                "evaluation.patience=2",
                "optimizer.rate=0"),
            event -> {
              if (event instanceof TrainingEvent.Noticed noticed) {
                notices.add(noticed.message());
              }
            });
    assertEquals(3, result.epochs());
    assertEquals(List.of("AP has not grown for 2 evaluations; training ends"), notices);
  }

  @Test
  void nothingStaysBehind() {
    Trainer.train(plan(folder, false), _ -> {});
    long live = LiveNatives.count();
    Trainer.train(plan(folder, false), _ -> {});
    LiveNatives.assertNoneLeftSince(live);
    assertThrows(
        Killed.class,
        () ->
            Trainer.train(
                plan(folder, false),
                event -> {
                  if (event instanceof TrainingEvent.Stepped) {
                    throw new Killed();
                  }
                }));
    LiveNatives.assertNoneLeftSince(live);
  }

  @Test
  void divergingLossNamesTheStepAndThePictures() {
    YoloxException e =
        assertThrows(
            YoloxException.class,
            () -> Trainer.train(plan(folder, false, "optimizer.rate=1e3"), _ -> {}));
    assertTrue(e.getMessage().contains(".jpg") || e.getMessage().contains(".png"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void resumingWithoutACheckpointIsOneSentence() {
    YoloxException e =
        assertThrows(YoloxException.class, () -> Trainer.train(plan(folder, true), _ -> {}));
    assertTrue(e.getMessage().contains("latest.pth"), e.getMessage());
    assertTrue(e.getMessage().contains("--resume"), e.getMessage());
  }

  @Test
  void resumingOnOtherImagesIsRefused() {
    Trainer.train(plan(folder, false, "epochs=1", "no-augmentation-epochs=0"), _ -> {});
    TrainingPlan same = plan(folder, true);
    TrainingPlan other =
        new TrainingPlan(
            same.spec(),
            same.recipe(),
            data.validation().orElseThrow(),
            Optional.empty(),
            Optional.empty(),
            same.folder(),
            true,
            same.device(),
            same.precision());
    YoloxException e = assertThrows(YoloxException.class, () -> Trainer.train(other, _ -> {}));
    assertTrue(e.getMessage().contains("was trained on 12 images"), e.getMessage());
  }
}
