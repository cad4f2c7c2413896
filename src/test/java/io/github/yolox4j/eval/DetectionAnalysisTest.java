package io.github.yolox4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DetectionAnalysisTest {

  private static final int CAT = 0;
  private static final int DOG = 1;
  private static final int BACKGROUND = 2;

  private final GroundTruthBuilder truth = new GroundTruthBuilder("test");

  DetectionAnalysisTest() {
    truth.addImage(new GroundTruth.Image(new ImageId.OfNumber(1), "1.jpg", 1000, 1000));
    truth.addCategory(new GroundTruth.Category(1, "cat"));
    truth.addCategory(new GroundTruth.Category(2, "dog"));
  }

  /** Adds a square of 100 pixels. */
  private void object(int category, double left, boolean ignored) {
    add(new ImageId.OfNumber(1), category + 1, new BoundingBox(left, 0, 100, 100), ignored);
  }

  private void add(ImageId image, int category, BoundingBox box, boolean ignored) {
    if (ignored) {
      truth.addIgnored(image, category, box, false);
    } else {
      truth.add(image, category, box);
    }
  }

  private static void detect(Detections detections, int category, double left, double score) {
    detections.add(0, category, new BoundingBox(left, 0, 100, 100), score);
  }

  private static void assertCounts(DetectionAnalysis analysis, ErrorKind... expected) {
    for (ErrorKind kind : ErrorKind.values()) {
      assertEquals(
          Arrays.stream(expected).filter(kind::equals).count(),
          analysis.errors().count(kind),
          kind.name());
    }
  }

  @Test
  void aBoxOnItsObjectIsCorrect() {
    object(CAT, 0, false);
    Detections detections = new Detections(truth.build());
    detect(detections, CAT, 20, 0.9); // IoU 80/120
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    assertCounts(analysis, ErrorKind.CORRECT);
    assertEquals(1, analysis.confusion().count(CAT, CAT));
    assertEquals(0.9, analysis.threshold());
    assertEquals(1, analysis.overall().bestF1());
  }

  @Test
  void aBoxOfAnotherClassIsAClassificationErrorAndItsObjectNotMissed() {
    object(CAT, 0, false);
    Detections detections = new Detections(truth.build());
    detect(detections, DOG, 10, 0.9);
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    assertCounts(analysis, ErrorKind.CLASSIFICATION);
    assertEquals(1, analysis.errors().count(ErrorKind.CLASSIFICATION, DOG));
    assertEquals(1, analysis.confusion().count(CAT, DOG));
    assertEquals(
        new Mistake(ErrorKind.CLASSIFICATION, 0, DOG, new BoundingBox(10, 0, 100, 100), 0.9, 0),
        analysis.errors().worstFalsePositives().getFirst());
  }

  @Test
  void aBoxBesideItsObjectIsALocalisationError() {
    object(CAT, 0, false);
    Detections detections = new Detections(truth.build());
    detect(detections, CAT, 50, 0.9); // IoU 50/150
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    assertCounts(analysis, ErrorKind.LOCALISATION);
    assertEquals(1, analysis.confusion().count(CAT, BACKGROUND));
    assertEquals(1, analysis.confusion().count(BACKGROUND, CAT));
  }

  @Test
  void aBoxBesideAnObjectOfAnotherClassIsBothAndTheObjectMissed() {
    object(CAT, 0, false);
    Detections detections = new Detections(truth.build());
    detect(detections, DOG, 50, 0.9);
    assertCounts(DetectionAnalysis.of(detections), ErrorKind.BOTH, ErrorKind.MISSED);
  }

  @Test
  void aSecondBoxOnAnObjectIsADuplicate() {
    object(CAT, 0, false);
    object(CAT, 500, false);
    Detections detections = new Detections(truth.build());
    detect(detections, CAT, 5, 0.8);
    detect(detections, CAT, 0, 0.9);
    detect(detections, CAT, 500, 0.7);
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    assertCounts(analysis, ErrorKind.CORRECT, ErrorKind.CORRECT, ErrorKind.DUPLICATE);
    assertEquals(0.8, analysis.errors().worstFalsePositives().getFirst().score());
    assertEquals(0, analysis.errors().worstFalsePositives().getFirst().annotation());
  }

  @Test
  void aBoxOnNothingIsBackground() {
    object(CAT, 0, false);
    Detections detections = new Detections(truth.build());
    detect(detections, CAT, 85, 0.9); // IoU 15/185
    detect(detections, CAT, 0, 0.8);
    assertCounts(DetectionAnalysis.of(detections), ErrorKind.BACKGROUND, ErrorKind.CORRECT);
  }

  @Test
  void aMissTellsTheScoreBelowTheThreshold() {
    object(CAT, 0, false);
    object(DOG, 500, false);
    Detections detections = new Detections(truth.build());
    detect(detections, CAT, 0, 0.9);
    for (int i = 0; i < 5; i++) {
      detect(detections, CAT, 300, 0.5);
    }
    detect(detections, DOG, 500, 0.1);
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    assertEquals(0.9, analysis.threshold());
    assertCounts(analysis, ErrorKind.CORRECT, ErrorKind.MISSED);
    assertEquals(0.1, analysis.errors().worstMisses().getFirst().score());
    assertEquals(1, analysis.confusion().count(DOG, BACKGROUND));
    assertEquals(0.1, analysis.curves().get(DOG).bestThreshold());
    assertTrue(DetectionAnalysis.of(detections, 0).errors().worstMisses().isEmpty());
  }

  @Test
  void ignoredObjectsAndWhatMatchesThemAreLeftOut() {
    object(CAT, 0, true);
    object(DOG, 500, false);
    Detections detections = new Detections(truth.build());
    detect(detections, CAT, 0, 0.9);
    detect(detections, DOG, 500, 0.8);
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    assertCounts(analysis, ErrorKind.CORRECT);
    assertEquals(0, analysis.curves().get(CAT).objects());
    assertEquals(0, analysis.curves().get(CAT).size());
    assertEquals(0, analysis.confusion().truths(CAT));
    assertEquals(0, analysis.confusion().truths(BACKGROUND));
  }

  @Test
  void withoutDetectionsEverythingIsMissed() {
    object(CAT, 0, false);
    DetectionAnalysis analysis = DetectionAnalysis.of(new Detections(truth.build()));
    assertCounts(analysis, ErrorKind.MISSED);
    assertEquals(1, analysis.threshold());
    assertEquals(0, analysis.overall().bestF1());
    assertEquals(-1, analysis.overall().best());
    assertArrayEquals(new double[] {0, 0}, analysis.overall().precisionAt(0, 1));
  }

  @Test
  void pointsStandForDifferentScores() {
    object(CAT, 0, false);
    object(CAT, 500, false);
    Detections detections = new Detections(truth.build());
    detect(detections, CAT, 0, 0.9);
    detect(detections, CAT, 300, 0.5);
    detect(detections, CAT, 500, 0.5);
    ScoreCurve curve = DetectionAnalysis.of(detections).curves().get(CAT);
    assertEquals(2, curve.size());
    assertEquals(2.0 / 3, curve.precision(1));
    assertEquals(1, curve.recall(1));
    assertEquals(-1, curve.at(0.95));
    assertEquals(0, curve.at(0.9));
    assertEquals(0, curve.at(0.6));
    assertEquals(1, curve.at(0));
    assertEquals(0.5, curve.bestThreshold());
    assertArrayEquals(new double[] {1, 1, 2.0 / 3, 2.0 / 3}, curve.precisionAt(0, 0.5, 0.6, 1));
  }

  /** Objects and detections near each other, with scores of which many are equal. */
  private Detections random() {
    SplittableRandom random = new SplittableRandom(7);
    for (int image = 2; image <= 30; image++) {
      truth.addImage(new GroundTruth.Image(new ImageId.OfNumber(image), image + ".jpg", 999, 999));
      for (int i = 0; i < 8; i++) {
        add(
            new ImageId.OfNumber(image),
            random.nextInt(1, 3),
            new BoundingBox(random.nextInt(400), random.nextInt(60), 100, 100),
            random.nextInt(10) == 0);
      }
    }
    Detections detections = new Detections(truth.build());
    for (int i = 0; i < 900; i++) {
      detections.add(
          random.nextInt(30),
          random.nextInt(2),
          new BoundingBox(random.nextInt(400), random.nextInt(60), 100, 100),
          random.nextInt(200) / 200.0);
    }
    return detections;
  }

  @Test
  void theThresholdIsTheBestOfAllThatDiffer() {
    Detections detections = random();
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    double best =
        IntStream.range(0, 200).mapToDouble(i -> f1(detections, i / 200.0)).max().orElseThrow();
    assertEquals(best, analysis.overall().bestF1(), 1e-15);
    assertEquals(best, f1(detections, analysis.threshold()), 1e-15);
  }

  /** F1 of the detections from a threshold on, which are matched without the others. */
  private static double f1(Detections all, double threshold) {
    Detections kept = new Detections(all.groundTruth());
    for (int i = 0; i < all.size(); i++) {
      if (all.score(i) >= threshold) {
        kept.add(
            all.image(i),
            all.category(i),
            new BoundingBox(
                all.box(i).x(), all.box(i).y(), all.box(i).width(), all.box(i).height()),
            all.score(i));
      }
    }
    MatchedDetections matches = CocoEvaluator.evaluate(kept).matches();
    long right = 0;
    long wrong = 0;
    for (int i = 0; i < kept.size(); i++) {
      switch (matches.verdict(i)) {
        case RIGHT -> right++;
        case WRONG -> wrong++;
        default -> {}
      }
    }
    GroundTruth truth = all.groundTruth();
    long objects = IntStream.range(0, truth.size()).filter(i -> !truth.ignored(i)).count();
    return 2.0 * right / (right + wrong + objects);
  }

  @Test
  void everyObjectAndEveryDetectionIsCountedOnce() {
    Detections detections = random();
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    ScoreCurve overall = analysis.overall();
    int found = 0;
    for (int k = 0; k < 2; k++) {
      assertEquals(analysis.curves().get(k).objects(), analysis.confusion().truths(k));
      found += analysis.confusion().truths(k) - analysis.confusion().count(k, BACKGROUND);
    }
    int counted = 0;
    for (ErrorKind kind : ErrorKind.values()) {
      counted += kind == ErrorKind.MISSED ? 0 : analysis.errors().count(kind);
    }
    assertEquals(
        Math.round(overall.recall(overall.best()) * overall.objects()),
        analysis.errors().count(ErrorKind.CORRECT));
    assertEquals(
        overall.precision(overall.best()),
        (double) analysis.errors().count(ErrorKind.CORRECT) / counted);
    // a detection that the class matching ignores may find an object of another class
    assertTrue(found + analysis.confusion().truths(BACKGROUND) >= counted);
    assertEquals(0, analysis.confusion().count(BACKGROUND, BACKGROUND));
    assertEquals(DetectionAnalysis.WORST, analysis.errors().worstFalsePositives().size());
  }

  @Test
  void theCurvesAverageToTheCocoMetricAtHalfOverlap() {
    GroundTruth coco = GroundTruth.read(Shared.data("cocoeval/instances_val2014_100.json"));
    Detections read =
        Detections.read(Shared.data("cocoeval/instances_val2014_fakebbox100_results.json"), coco);
    // distinct scores in the same order: the metric has a point for each of several equal ones
    Detections detections = new Detections(coco);
    for (int i = 0; i < read.size(); i++) {
      detections.add(
          read.image(i),
          read.category(i),
          new BoundingBox(
              read.box(i).x(), read.box(i).y(), read.box(i).width(), read.box(i).height()),
          read.score(i) - i * 1e-8);
    }
    DetectionAnalysis analysis = DetectionAnalysis.of(detections);
    CocoResult result = CocoEvaluator.evaluate(detections);
    double[] recalls =
        IntStream.range(0, Thresholds.RECALL_COUNT).mapToDouble(Thresholds::recall).toArray();
    for (int k = 0; k < coco.categories().size(); k++) {
      if (analysis.curves().get(k).objects() > 0) {
        assertEquals(
            result.metrics(k).ap50(),
            Arrays.stream(analysis.curves().get(k).precisionAt(recalls)).average().orElseThrow(),
            1e-12);
      }
    }
  }
}
