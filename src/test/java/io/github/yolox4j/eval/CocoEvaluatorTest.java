package io.github.yolox4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.yolox4j.Shared;
import io.github.yolox4j.data.AreaRange;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.eval.MatchedDetections.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The COCO metric against figures that pycocotools 2.0.11 gives. The only differences allowed are
 * those of adding in another order.
 */
class CocoEvaluatorTest {

  private static final double TOLERANCE = 1e-12;

  /** Of the small set in the resources: crowds, ignore flags, ties, gaps, over 100 detections. */
  private static final double[] SMALL_SET = {
    0.24499816615332695, 0.37317111947219456, 0.241872820595949, 0.3492348127559328,
    0.26060690510579626, 0.3137949866415213, 0.1900207039337474, 0.5488612836438923,
    0.5661946169772257, 0.5584249084249084, 0.5765109890109891, 0.5166666666666667
  };

  private static final double[] NOTHING_FOUND = new double[12];
  private static final double[] NOTHING_TO_FIND = new double[12];

  static {
    Arrays.fill(NOTHING_TO_FIND, -1);
  }

  @TempDir Path folder;

  static CocoResult evaluate(Path instances, Path results) {
    return CocoEvaluator.evaluate(Detections.read(results, GroundTruth.read(instances)));
  }

  /** Evaluates the small set with its files' texts changed. */
  private CocoResult smallSet(UnaryOperator<String> instances, UnaryOperator<String> results)
      throws IOException {
    return evaluate(
        EvalFiles.edited(folder, EvalFiles.INSTANCES, instances),
        EvalFiles.edited(folder, EvalFiles.RESULTS, results));
  }

  private CocoResult evaluateTexts(String instances, String results) throws IOException {
    Path instancesFile = Files.writeString(folder.resolve("instances.json"), instances);
    return evaluate(instancesFile, Files.writeString(folder.resolve("results.json"), results));
  }

  private static void assertNumbers(double[] expected, CocoResult result) {
    assertArrayEquals(expected, result.metrics().toArray(), TOLERANCE);
  }

  @Test
  void givesTheOfficialNumbersOfTheOfficialFakeDetections() {
    CocoResult result =
        evaluate(
            Shared.data("cocoeval/instances_val2014_100.json"),
            Shared.data("cocoeval/instances_val2014_fakebbox100_results.json"));
    double[] expected = {
      0.5045806987249628, 0.6969727247299577, 0.5729816669904824, 0.5856257209410441,
      0.5193996948036719, 0.5013978986347466, 0.38681277964578054, 0.5936795762842003,
      0.595352982877607, 0.6398109626113442, 0.5664205978994309, 0.5642905982905982
    };
    assertNumbers(expected, result);
  }

  @Test
  void givesTheNumbersOfPycocotoolsOnASetOfCorners() throws IOException {
    assertNumbers(SMALL_SET, smallSet(text -> text, text -> text));
  }

  @Test
  void givesTheClassNumbersOfPycocotools() throws IOException {
    CocoResult result = smallSet(text -> text, text -> text);
    double[][] expected = {
      {0.37906319225547314, 0.5547740583395654, 0.5857142857142856},
      {0.28099582061143225, 0.45994755690574657, 0.5608695652173913},
      {0.07493548559307543, 0.10479174317127157, 0.5520000000000002},
      {-1, -1, -1}
    };
    for (int k = 0; k < expected.length; k++) {
      CocoClassMetrics found = result.metrics(k);
      assertArrayEquals(
          expected[k], new double[] {found.ap(), found.ap50(), found.ar()}, TOLERANCE);
    }
    assertEquals(0, result.metrics(3).objects());
  }

  @Test
  void givesTheCurvesOfPycocotools() throws IOException {
    CocoResult result = smallSet(text -> text, text -> text);
    int[] recalls = {0, 10, 50, 70, 100};
    double[] precisions = {1, 0.75, 0.631578947368421, 0.3617021276595745, 0};
    double[] scores = {0.97, 0.74, 0.48, 0.11, 0};
    for (int i = 0; i < recalls.length; i++) {
      assertEquals(precisions[i], result.precision(1, 0, recalls[i], AreaRange.ALL), TOLERANCE);
      assertEquals(scores[i], result.score(1, 0, recalls[i], AreaRange.ALL));
    }
    assertEquals(0.6923076923076923, result.precision(0, 3, 40, AreaRange.MEDIUM), TOLERANCE);
    assertEquals(
        0.6428571428571429, result.recall(0, 2, AreaRange.SMALL, MaxDetections.TEN), TOLERANCE);
    assertEquals(-1, result.precision(3, 0, 0, AreaRange.ALL));
    assertEquals(-1, result.score(3, 0, 0, AreaRange.ALL));
    assertEquals(-1, result.recall(3, 0, AreaRange.ALL, MaxDetections.HUNDRED));
  }

  @Test
  void textsDoAsImageIds() throws IOException {
    // a letter and leading zeros keep the order in which pycocotools breaks ties between images
    UnaryOperator<String> imageId =
        text ->
            EvalFiles.replaceAll(
                text, "\"image_id\": (\\d+)", id -> "\"image_id\": \"" + id + "\"");
    CocoResult result =
        smallSet(
            text ->
                imageId.apply(
                    EvalFiles.replaceAll(
                        text, "\"id\": (\\d+)(?=, \"file_name\")", id -> "\"id\": \"" + id + "\"")),
            imageId);
    assertNumbers(SMALL_SET, result);
  }

  @Test
  void anAnnotationOfIdZeroCountsAsInPycocotools() throws IOException {
    double[] expected = {
      0.229778371419083, 0.3514528256811528, 0.2259779244560887, 0.3492348127559328,
      0.26060690510579626, 0.18577361307559326, 0.17987577639751554, 0.5358178053830227,
      0.5531511387163561, 0.5584249084249084, 0.5765109890109891, 0.36666666666666664
    };
    CocoResult result = smallSet(text -> text.replace("\"id\": 450,", "\"id\": 0,"), text -> text);
    assertNumbers(expected, result);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true"})
  void anObjectMarkedGtIgnoreIsNeitherFoundNorMissed(String mark) throws IOException {
    String instances =
        """
        {"images": [{"id": 1}], "categories": [{"id": 5, "name": "cell"}], "annotations": [
          {"id": 1, "image_id": 1, "category_id": 5, "bbox": [0, 0, 50, 50]},
          {"id": 2, "image_id": 1, "category_id": 5, "bbox": [100, 0, 50, 50], "gt_ignore": %s}]}
        """
            .formatted(mark);
    String one = "{\"image_id\": 1, \"category_id\": 5, \"bbox\": [0, 0, 50, 50], \"score\": 0.5}";
    String two =
        "{\"image_id\": 1, \"category_id\": 5, \"bbox\": [100, 0, 50, 50], \"score\": 0.9}";
    CocoResult result = evaluateTexts(instances, "[" + two + "," + one + "]");
    assertEquals(1, result.metrics().ap(), TOLERANCE);
    assertEquals(Verdict.IGNORED, result.matches().verdict(0));
    assertEquals(1, result.matches().object(0));
    assertEquals(Verdict.RIGHT, result.matches().verdict(1));
    assertEquals(1, result.metrics(0).objects());

    // unlike a crowd it is taken once: the second detection is wrong, and comes first
    CocoResult twice = evaluateTexts(instances, "[" + two + "," + two + "," + one + "]");
    assertEquals(0.5, twice.metrics().ap(), TOLERANCE);
    assertEquals(Verdict.WRONG, twice.matches().verdict(1));
    assertEquals(-1, twice.matches().object(1));
  }

  @Test
  void aCrowdTakesAnyNumberOfDetections() throws IOException {
    String instances =
        """
        {"images": [{"id": 1}], "categories": [{"id": 5, "name": "cell"}], "annotations": [
          {"id": 1, "image_id": 1, "category_id": 5, "bbox": [0, 0, 50, 50]},
          {"id": 2, "image_id": 1, "category_id": 5, "bbox": [100, 0, 500, 500], "iscrowd": 1}]}
        """;
    String inCrowd =
        "{\"image_id\": 1, \"category_id\": 5, \"bbox\": [150, 50, 60, 60], \"score\": 0.9},";
    String right =
        "{\"image_id\": 1, \"category_id\": 5, \"bbox\": [0, 0, 50, 50], \"score\": 0.5}";
    CocoResult result = evaluateTexts(instances, "[" + inCrowd + inCrowd + inCrowd + right + "]");
    assertEquals(1, result.metrics().ap(), TOLERANCE);
    for (int i = 0; i < 3; i++) {
      assertEquals(Verdict.IGNORED, result.matches().verdict(i));
    }
    assertEquals(3, result.matches().detection(0));
    assertEquals(-1, result.matches().detection(1));
  }

  @Test
  void withoutDetectionsNothingIsFound() throws IOException {
    CocoResult result = smallSet(text -> text, _ -> "[]");
    assertNumbers(NOTHING_FOUND, result);
    assertEquals(-1, result.matches().detection(0));
  }

  @Test
  void withoutObjectsThereIsNothingToMeasure() throws IOException {
    CocoResult result =
        evaluateTexts(
            "{\"images\": [{\"id\": 1}], \"annotations\": [], \"categories\": [{\"id\": 2}]}",
            "[{\"image_id\": 1, \"category_id\": 2, \"bbox\": [0, 0, 9, 9], \"score\": 1}]");
    assertNumbers(NOTHING_TO_FIND, result);
  }

  @Test
  void onlyAHundredDetectionsOfAnImageAndCategoryCount() throws IOException {
    GroundTruth truth =
        GroundTruth.read(EvalFiles.edited(folder, EvalFiles.INSTANCES, text -> text));
    Detections detections = new Detections(truth);
    for (int i = 0; i < 130; i++) {
      detections.add(0, 0, new BoundingBox(i, i, 9, 9), 1 - i / 1000.0);
    }
    MatchedDetections matches = CocoEvaluator.evaluate(detections).matches();
    assertEquals(Verdict.WRONG, matches.verdict(99));
    assertEquals(Verdict.BEYOND_LIMIT, matches.verdict(100));
    assertEquals(-1, matches.object(100));
  }

  @Test
  void overlapIsOverTheDetectionForCrowds() {
    GroundTruthBuilder builder = new GroundTruthBuilder("made up");
    ImageId image = new ImageId.OfNumber(1);
    builder.addImage(new GroundTruth.Image(image, "1.jpg", 0, 0));
    builder.addCategory(new GroundTruth.Category(1, "cell"));
    builder.add(image, 1, new BoundingBox(0, 0, 10, 10));
    builder.addIgnored(image, 1, new BoundingBox(0, 0, 10, 10), true);
    Detections detections = new Detections(builder.build());
    detections.add(0, 0, new BoundingBox(5, 0, 10, 10), 1);
    detections.add(0, 0, new BoundingBox(0, 20, 10, 10), 1);
    assertEquals(50.0 / 150, BoxIou.of(detections.box(0), detections.groundTruth(), 0));
    assertEquals(0.5, BoxIou.of(detections.box(0), detections.groundTruth(), 1));
    assertEquals(0, BoxIou.of(detections.box(1), detections.groundTruth(), 0));
  }
}
