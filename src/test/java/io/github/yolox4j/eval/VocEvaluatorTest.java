package io.github.yolox4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Shared;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The VOC metric against a second one, written from the definition without regard to speed. */
class VocEvaluatorTest {

  private static final double TOLERANCE = 1e-9;

  private record Point(double recall, double precision) {}

  private static double side(double from, double to) {
    return to - from + 1;
  }

  private static double iou(Detections d, int i, int object) {
    GroundTruth truth = d.groundTruth();
    double[] a = {
      d.box(i).x(), d.box(i).y(), d.box(i).x() + d.box(i).width(), d.box(i).y() + d.box(i).height()
    };
    double[] b = {
      truth.box(object).x(),
      truth.box(object).y(),
      truth.box(object).x() + truth.box(object).width(),
      truth.box(object).y() + truth.box(object).height()
    };
    double width = side(Math.max(a[0], b[0]), Math.min(a[2], b[2]));
    double height = side(Math.max(a[1], b[1]), Math.min(a[3], b[3]));
    double both = width <= 0 || height <= 0 ? 0 : width * height;
    double all = side(a[0], a[2]) * side(a[1], a[3]) + side(b[0], b[2]) * side(b[1], b[3]) - both;
    return both / all;
  }

  private static List<Point> curve(Detections d, int category, double threshold) {
    GroundTruth truth = d.groundTruth();
    List<Integer> byScore = new ArrayList<>();
    for (int i = 0; i < d.size(); i++) {
      if (d.category(i) == category) {
        byScore.add(i);
      }
    }
    byScore.sort(Comparator.comparingDouble(i -> -d.score(i)));
    int wanted = 0;
    for (int object = 0; object < truth.size(); object++) {
      if (truth.category(object) == category && !truth.ignored(object)) {
        wanted++;
      }
    }
    Set<Integer> found = new HashSet<>();
    int right = 0;
    int wrong = 0;
    List<Point> curve = new ArrayList<>();
    for (int i : byScore) {
      int nearest = -1;
      for (int object = 0; object < truth.size(); object++) {
        boolean candidate = truth.category(object) == category && truth.image(object) == d.image(i);
        if (candidate && (nearest < 0 || iou(d, i, object) > iou(d, i, nearest))) {
          nearest = object;
        }
      }
      boolean overlaps = nearest >= 0 && iou(d, i, nearest) > threshold;
      if (overlaps && truth.ignored(nearest)) {
        continue;
      }
      if (overlaps && found.add(nearest)) {
        right++;
      } else {
        wrong++;
      }
      curve.add(new Point((double) right / wanted, (double) right / (right + wrong)));
    }
    return curve;
  }

  private static double bestPrecision(List<Point> curve, double recall) {
    return curve.stream()
        .filter(point -> point.recall >= recall)
        .mapToDouble(Point::precision)
        .max()
        .orElse(0);
  }

  private static double averagePrecision(List<Point> curve, VocMetric metric) {
    double sum = 0;
    switch (metric) {
      case ELEVEN_POINT -> {
        for (int i = 0; i <= 10; i++) {
          sum += bestPrecision(curve, i * 0.1) / 11;
        }
      }
      case AREA -> {
        double reached = 0;
        for (double recall : curve.stream().mapToDouble(Point::recall).distinct().toArray()) {
          sum += (recall - reached) * bestPrecision(curve, recall);
          reached = recall;
        }
      }
    }
    return sum;
  }

  /** Detections near the objects, some of them twice, some of another category, some anywhere. */
  private static Detections jittered(GroundTruth truth, long seed) {
    Random random = new Random(seed);
    Detections detections = new Detections(truth);
    int categories = truth.categories().size();
    for (int object = 0; object < truth.size(); object++) {
      for (int copies = random.nextInt(3); copies > 0; copies--) {
        double spread = random.nextDouble() * 0.2;
        double width = truth.box(object).width();
        double height = truth.box(object).height();
        detections.add(
            truth.image(object),
            random.nextInt(10) == 0 ? random.nextInt(categories) : truth.category(object),
            new BoundingBox(
                truth.box(object).x() + random.nextGaussian() * spread * width,
                truth.box(object).y() + random.nextGaussian() * spread * height,
                width * (1 + random.nextGaussian() * spread),
                height * (1 + random.nextGaussian() * spread)),
            random.nextDouble());
      }
    }
    for (int i = 0; i < 100; i++) {
      detections.add(
          random.nextInt(truth.images().size()),
          random.nextInt(categories),
          new BoundingBox(
              random.nextInt(500), random.nextInt(400), random.nextInt(100), random.nextInt(100)),
          random.nextDouble());
    }
    return detections;
  }

  private static void assertSameAsDefinition(Detections detections, VocMetric metric) {
    VocResult result = VocEvaluator.evaluate(detections, metric);
    int categories = detections.groundTruth().categories().size();
    double sum = 0;
    for (int t = 0; t < Thresholds.IOU_COUNT; t++) {
      double atThreshold = 0;
      for (int k = 0; k < categories; k++) {
        double expected = averagePrecision(curve(detections, k, Thresholds.iou(t)), metric);
        assertEquals(expected, result.averagePrecision(k, t), TOLERANCE);
        atThreshold += expected / categories;
      }
      assertEquals(atThreshold, result.meanAveragePrecision(t), TOLERANCE);
      sum += atThreshold / Thresholds.IOU_COUNT;
    }
    assertEquals(sum, result.meanAveragePrecision(), TOLERANCE);
    assertTrue(sum > 0.1 && sum < 0.9, "the detections are neither all right nor all wrong");
  }

  @ParameterizedTest
  @EnumSource
  void bloodCellsMeasureAsDefined(VocMetric metric) {
    GroundTruth truth = Dataset.open(Shared.data("bccd"), "test").truth();
    assertEquals(72, truth.images().size());
    assertEquals(
        List.of("Platelets", "RBC", "WBC"),
        truth.categories().stream().map(GroundTruth.Category::name).toList());
    assertSameAsDefinition(jittered(truth, 1), metric);
  }

  @ParameterizedTest
  @EnumSource
  void difficultObjectsMeasureAsDefined(VocMetric metric) {
    Random random = new Random(3);
    GroundTruthBuilder builder = new GroundTruthBuilder("made up");
    for (int i = 0; i < 10; i++) {
      ImageId id = new ImageId.OfText("image " + i);
      builder.addImage(new GroundTruth.Image(id, i + ".jpg", 600, 500));
      for (int object = 0; object < 12; object++) {
        int category = random.nextInt(2);
        BoundingBox box =
            new BoundingBox(
                random.nextInt(500),
                random.nextInt(400),
                20 + random.nextInt(80),
                20 + random.nextInt(80));
        if (random.nextInt(4) == 0) {
          builder.addIgnored(id, category, box, false);
        } else {
          builder.add(id, category, box);
        }
      }
    }
    builder.addCategory(new GroundTruth.Category(0, "easy"));
    builder.addCategory(new GroundTruth.Category(1, "hard"));
    assertSameAsDefinition(jittered(builder.build(), 2), metric);
  }

  @Test
  void aCategoryWithoutObjectsIsLeftOutOfTheMean() {
    GroundTruthBuilder builder = new GroundTruthBuilder("made up");
    ImageId id = new ImageId.OfText("a");
    builder.addImage(new GroundTruth.Image(id, "a.jpg", 9, 9));
    builder.addCategory(new GroundTruth.Category(0, "present"));
    builder.addCategory(new GroundTruth.Category(1, "absent"));
    builder.add(id, 0, new BoundingBox(0, 0, 4, 4));
    Detections detections = new Detections(builder.build());
    detections.add(0, 1, new BoundingBox(0, 0, 4, 4), 1);
    detections.add(0, 0, new BoundingBox(0, 0, 4, 4), 1);
    VocResult result = VocEvaluator.evaluate(detections, VocMetric.AREA);
    assertEquals(1, result.averagePrecision(0, 0));
    assertEquals(-1, result.averagePrecision(1, 0));
    assertEquals(1, result.meanAveragePrecision(0));
  }

  @Test
  void withoutObjectsThereIsNothingToMeasure() {
    GroundTruth empty = new GroundTruthBuilder("made up").build();
    VocResult result = VocEvaluator.evaluate(new Detections(empty), VocMetric.ELEVEN_POINT);
    assertEquals(-1, result.meanAveragePrecision());
  }

  @Test
  void boxesAreInclusive() {
    GroundTruthBuilder builder = new GroundTruthBuilder("made up");
    ImageId id = new ImageId.OfText("a");
    builder.addImage(new GroundTruth.Image(id, "a.jpg", 9, 9));
    builder.addCategory(new GroundTruth.Category(0, "cell"));
    builder.add(id, 0, new BoundingBox(3, 3, 2, 2));
    Detections detections = new Detections(builder.build());
    // 3 by 2 of 3 by 3 pixels: 0.667, where edges 2 by 1 of 2 by 2 would give 0.5, not above 0.5
    detections.add(0, 0, new BoundingBox(3, 3, 2, 1), 1);
    VocResult result = VocEvaluator.evaluate(detections, VocMetric.AREA);
    assertEquals(1, result.averagePrecision(0, 3));
    assertEquals(0, result.averagePrecision(0, 4));
  }
}
