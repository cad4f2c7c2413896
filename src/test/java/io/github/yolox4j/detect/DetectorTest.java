package io.github.yolox4j.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Backbone;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.PthWriter;
import io.github.yolox4j.weights.WeightArray;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorTest {

  private static final DetectorOptions DEMO = DetectorOptions.DEFAULTS.withConfidence(0.25);

  private static final List<Detection> DOG =
      List.of(
          box("dog", 0.855f, 132.8f, 206.6f, 325.7f, 543.1f),
          box("bicycle", 0.803f, 51.7f, 137.2f, 572.3f, 423.6f),
          box("car", 0.798f, 466.3f, 78.4f, 692.5f, 171.3f),
          box("truck", 0.306f, 464.2f, 77.6f, 682.8f, 172.7f),
          box("cat", 0.260f, 131.2f, 213.4f, 322.3f, 541.3f));

  @TempDir Path folder;

  private static Detection box(String label, float score, float x1, float y1, float x2, float y2) {
    return new Detection(x1, y1, x2, y2, score, 1, ClassNames.COCO.indexOf(label), label);
  }

  private static Path nano() {
    return Shared.data("weights/yolox_nano_coco.pth");
  }

  private static Path dog() {
    return Shared.data("images/dog.jpg");
  }

  private static void assertDog(List<Detection> found, double scores, double pixels) {
    assertEquals(
        DOG.stream().map(Detection::label).toList(), found.stream().map(Detection::label).toList());
    for (int i = 0; i < DOG.size(); i++) {
      Detection expected = DOG.get(i);
      Detection detection = found.get(i);
      assertEquals(expected.classId(), detection.classId());
      assertEquals(expected.score(), detection.score(), scores);
      assertEquals(expected.x1(), detection.x1(), pixels);
      assertEquals(expected.y1(), detection.y1(), pixels);
      assertEquals(expected.x2(), detection.x2(), pixels);
      assertEquals(expected.y2(), detection.y2(), pixels);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yolox_nano_coco.pth",
        "yolox_nano_coco_oldformat.pth",
        "yolox_nano_coco_bnfolded.onnx"
      })
  void officialWeightsFindTheReferencesBoxes(String weights) {
    try (Detector detector = Detector.open(Shared.data("weights/" + weights), DEMO)) {
      assertEquals(OfficialModel.NANO.spec(), detector.spec());
      assertDog(detector.detect(dog()), 0.002, 1);
    }
  }

  @Test
  void bfloat16FindsTheSameObjectsNearly() {
    try (Detector detector =
        Detector.open(nano(), DEMO.withPrecision(Precision.BF16).withConfidence(0.5))) {
      List<Detection> found = detector.detect(dog());
      assertEquals(
          Set.of("dog", "bicycle", "car"),
          found.stream().map(Detection::label).collect(Collectors.toSet()));
    }
  }

  @Test
  void aBatchOfMixedSizesGivesWhatEachPictureGivesAlone() {
    try (Detector detector = Detector.open(nano(), DEMO);
        Picture dog = Picture.read(dog());
        Picture gray = Picture.ofBgr(MemorySegment.ofArray(new byte[3 * 50 * 20]), 50, 20, 150)) {
      List<List<Detection>> together = detector.detect(List.of(dog, gray, dog));
      assertDog(together.get(0), 0.002, 1);
      assertEquals(List.of(), together.get(1));
      assertEquals(together.get(0), together.get(2));
      // oneDNN picks other kernels for other batch sizes
      assertDog(detector.detect(dog), 0.002, 1);
    }
  }

  @Test
  void otherSizesAndAgnosticSuppressionWork() {
    try (Detector wide =
        Detector.open(nano(), DEMO.withSize(InputSize.parse("320x640")).withAgnostic(true))) {
      List<Detection> found = wide.detect(dog());
      assertTrue(found.stream().anyMatch(d -> d.label().equals("dog")));
      // car and truck overlap, as do dog and cat
      assertTrue(found.stream().filter(d -> d.x1() > 400).count() <= 1);
    }
  }

  @Test
  void lookingTwiceFindsTheSameObjects() {
    try (Detector detector = Detector.open(nano(), DEMO.withAugmentation(true))) {
      List<Detection> found = detector.detect(dog());
      for (Detection expected : DOG.subList(0, 3)) {
        assertTrue(
            found.stream()
                .anyMatch(
                    d ->
                        d.classId() == expected.classId()
                            && d.score() > 0.7
                            && iou(d, expected) > 0.7),
            found.toString());
      }
    }
  }

  private static double iou(Detection a, Detection b) {
    double width = Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1());
    double height = Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1());
    double both = Math.max(0, width) * Math.max(0, height);
    return both / (area(a) + area(b) - both);
  }

  private static double area(Detection d) {
    return (double) (d.x2() - d.x1()) * (d.y2() - d.y1());
  }

  @Test
  void boxesLeaveThePictureOnlyWhenAskedTo() {
    try (Detector detector =
        Detector.open(nano(), DEMO.withConfidence(0.001).withClipping(false))) {
      assertTrue(
          detector.detect(dog()).stream()
              .anyMatch(d -> d.x1() < 0 || d.y1() < 0 || d.x2() > 768 || d.y2() > 576));
    }
  }

  @Test
  void boxesStayInThePicture() {
    try (Detector detector = Detector.open(nano(), DEMO.withConfidence(0.001))) {
      for (Detection d : detector.detect(dog())) {
        assertTrue(d.x1() >= 0 && d.y1() >= 0 && d.x2() <= 768 && d.y2() <= 576, d.toString());
        assertTrue(d.x1() < d.x2() && d.y1() < d.y2(), d.toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void everyThreadGetsTheSameAnswerAndNothingNativeStays(EngineKind engine) throws Exception {
    try (Detector detector = Detector.open(nano(), DEMO.withEngine(engine));
        Picture dog = Picture.read(dog());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Detection> expected = detector.detect(dog);
      long live = LiveNatives.count();
      List<Future<List<Detection>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(threads.submit(() -> detector.detect(dog)));
      }
      for (Future<List<Detection>> answer : answers) {
        assertEquals(expected, answer.get());
      }
      LiveNatives.assertNoneLeftSince(live);
    }
  }

  @Test
  void aDetectorOpenedInSomebodysScopeOutlivesIt() {
    Detector detector;
    try (PointerScope _ = new PointerScope()) {
      detector = Detector.open(nano(), DEMO);
    }
    try (detector) {
      assertDog(detector.detect(dog()), 0.002, 1);
    }
  }

  @Test
  void openingAndClosingLeavesNothingBehind() {
    Detector.open(nano()).close();
    long live = LiveNatives.count();
    Detector.open(nano()).close();
    assertThrows(
        YoloxException.class, () -> Detector.open(nano(), DEMO.withModel(OfficialModel.S.spec())));
    LiveNatives.assertNoneLeftSince(live);
  }

  @Test
  void weightsThatAreNoNumbersAreRefusedAndLeaveNothingBehind() {
    ModelSpec spec = OfficialModel.NANO.spec().withClasses(2);
    Path weights = folder.resolve("broken.pth");
    try (YoloX network = YoloX.create(spec)) {
      Map<String, WeightArray> arrays = new LinkedHashMap<>(Networks.arrays(network));
      arrays.put("head.obj_preds.1.bias", WeightArray.of(new float[] {Float.NaN}, 1));
      PthWriter.write(weights, Map.of("model", arrays));
    }
    long live = LiveNatives.count();
    assertMessage("weights of head.obj_preds.1", () -> Detector.open(weights));
    LiveNatives.assertNoneLeftSince(live);
  }

  @ParameterizedTest
  @CsvSource({"1, NONE", "3, NONE", "3, LEGACY"})
  void ownModelsWithOtherClassesAndChannelsWork(int channels, InputScaling scaling) {
    ModelSpec spec =
        new ModelSpec(
            "own", Backbone.CSP_DARKNET, 0.33, 0.125, false, Activation.RELU, channels, 3, 64, 96);
    Path weights = folder.resolve("own.pth");
    try (YoloX network = YoloX.create(spec)) {
      PthWriter.write(weights, Map.of("model", Networks.arrays(network)));
    }
    DetectorOptions options =
        DEMO.withModel(spec)
            .withConfidence(0)
            .withScaling(scaling)
            .withClassNames(List.of("a", "b", "c"));
    try (Detector detector = Detector.open(weights, options)) {
      List<Detection> found = detector.detect(dog());
      assertTrue(!found.isEmpty());
      assertEquals(0.0001, found.getFirst().score(), 1e-4, "a new network's prior, squared");
    }
  }

  @Test
  void wrongUseIsOneSentence() {
    Path nano = nano();
    Path odd = Shared.data("weights/odd.pth");
    assertMessage(
        "3 class names", () -> Detector.open(nano, DEMO.withClassNames(List.of("a", "b", "c"))));
    assertMessage(
        "does not fit model s", () -> Detector.open(nano, DEMO.withModel(OfficialModel.S.spec())));
    assertMessage(
        "reads 4 channels",
        () -> Detector.open(nano, DEMO.withModel(OfficialModel.NANO.spec().withInputChannels(4))));
    assertMessage("multiple of 32", () -> InputSize.parse("100"));
    assertMessage("expected N or HxW", () -> InputSize.parse("big"));
    assertThrows(YoloxException.class, () -> DEMO.withConfidence(1.5));
    assertThrows(YoloxException.class, () -> DEMO.withNms(Double.NaN));
    assertMessage("holds no state dict", () -> Detector.open(odd));
  }

  private static void assertMessage(String part, Runnable action) {
    YoloxException e = assertThrows(YoloxException.class, action::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }
}
