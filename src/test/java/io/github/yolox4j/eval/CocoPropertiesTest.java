package io.github.yolox4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruth.Category;
import io.github.yolox4j.data.GroundTruth.Image;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any objects and detections. */
class CocoPropertiesTest {

  private static final int IMAGES = 12;
  private static final int CATEGORIES = 3;

  private record Labelled(
      int image, int category, double x, double y, double width, double height, double score) {

    Labelled moved(double by, double newScore) {
      return new Labelled(image, category, x + by, y + by, width, height, newScore);
    }
  }

  private final Random random = new Random(5);

  private List<Labelled> objects(int count) {
    List<Labelled> objects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      objects.add(
          new Labelled(
              random.nextInt(IMAGES),
              random.nextInt(CATEGORIES),
              random.nextInt(400),
              random.nextInt(400),
              8 + random.nextInt(120),
              8 + random.nextInt(120),
              1));
    }
    return objects;
  }

  /** Detections of distinct scores: some close to objects, some anywhere. */
  private List<Labelled> detections(List<Labelled> objects) {
    List<Labelled> detections = new ArrayList<>();
    for (Labelled object : objects) {
      for (int i = random.nextInt(3); i > 0; i--) {
        detections.add(object.moved(random.nextGaussian() * 5, random.nextDouble()));
      }
    }
    for (Labelled anywhere : objects(objects.size())) {
      detections.add(anywhere.moved(0, random.nextDouble()));
    }
    return detections;
  }

  /** Puts images, categories and objects into the order given, under ids of the caller's choice. */
  private static Detections build(
      List<Integer> imageIds,
      List<Integer> categoryIds,
      List<Labelled> objects,
      List<Labelled> detections) {
    GroundTruthBuilder builder = new GroundTruthBuilder("made up");
    for (int id : imageIds) {
      builder.addImage(new Image(new ImageId.OfNumber(id), id + ".jpg", 600, 600));
    }
    for (int id : categoryIds) {
      builder.addCategory(new Category(id, "kind " + id));
    }
    for (Labelled o : objects) {
      builder.add(
          new ImageId.OfNumber(imageIds.get(o.image)),
          categoryIds.get(o.category),
          new BoundingBox(o.x, o.y, o.width, o.height));
    }
    GroundTruth truth = builder.build();
    Detections built = new Detections(truth);
    for (Labelled d : detections) {
      built.add(
          truth.imageIndex(new ImageId.OfNumber(imageIds.get(d.image))).orElseThrow(),
          truth.categoryIndex(categoryIds.get(d.category)).orElseThrow(),
          new BoundingBox(d.x, d.y, d.width, d.height),
          d.score);
    }
    return built;
  }

  private static List<Integer> ids(int count) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(3 * i + 1);
    }
    return ids;
  }

  private static double[] numbers(List<Labelled> objects, List<Labelled> detections) {
    return CocoEvaluator.evaluate(build(ids(IMAGES), ids(CATEGORIES), objects, detections))
        .metrics()
        .toArray();
  }

  @Test
  void theOrderOfDetectionsOfDistinctScoresChangesNothing() {
    List<Labelled> objects = objects(60);
    List<Labelled> detections = detections(objects);
    double[] expected = numbers(objects, detections);
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(detections, random);
      assertArrayEquals(expected, numbers(objects, detections));
    }
  }

  @Test
  void theOrderOfImagesAndCategoriesAndTheirIdsChangeNothing() {
    List<Labelled> objects = objects(60);
    List<Labelled> detections = detections(objects);
    double[] expected = numbers(objects, detections);
    for (int i = 0; i < 5; i++) {
      List<Integer> imageIds = ids(IMAGES);
      List<Integer> categoryIds = ids(CATEGORIES);
      Collections.shuffle(imageIds, random);
      Collections.shuffle(categoryIds, random);
      double[] found =
          CocoEvaluator.evaluate(build(imageIds, categoryIds, objects, detections))
              .metrics()
              .toArray();
      // the categories' numbers are added in another order
      assertArrayEquals(expected, found, 1e-15);
    }
  }

  @Test
  void perfectDetectionsGiveOne() {
    List<Labelled> objects = objects(60);
    // at most one object per image and category, since only the first detection counts for AR1
    objects.removeIf(
        o ->
            objects.stream()
                .anyMatch(
                    p ->
                        p.image == o.image
                            && p.category == o.category
                            && objects.indexOf(p) < objects.indexOf(o)));
    double[] found = numbers(objects, objects);
    for (double number : found) {
      assertEquals(1, number, 1e-15);
    }
  }

  @Test
  void oneMoreFalsePositiveOfTheLowestScoreNeverRaisesPrecision() {
    List<Labelled> objects = objects(60);
    List<Labelled> detections = detections(objects);
    double[] before = numbers(objects, detections);
    for (int i = 0; i < 20; i++) {
      Labelled outside =
          new Labelled(random.nextInt(IMAGES), random.nextInt(CATEGORIES), 1000, 1000, 50, 50, -i);
      detections.add(outside);
      double[] after = numbers(objects, detections);
      for (int n = 0; n < after.length; n++) {
        assertTrue(after[n] <= before[n]);
      }
      before = after;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void theNumberOfThreadsChangesNothing(int threads) {
    List<Labelled> objects = objects(200);
    Detections detections = build(ids(IMAGES), ids(CATEGORIES), objects, detections(objects));
    double[] expected = CocoEvaluator.evaluate(detections).metrics().toArray();
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      double[] found =
          pool.submit(() -> CocoEvaluator.evaluate(detections).metrics().toArray()).join();
      assertArrayEquals(expected, found);
    }
  }

  @Test
  void manyDetectionsOfEqualScoresKeepTheirOrder() {
    List<Labelled> objects = objects(40);
    List<Labelled> detections = new ArrayList<>();
    for (Labelled object : detections(objects)) {
      detections.add(object.moved(0, Math.round(object.score * 4) / 4.0));
    }
    Detections built = build(ids(IMAGES), ids(CATEGORIES), objects, detections);
    int[] order = IntStream.range(0, built.size()).toArray();
    ScoreOrder.sort(order, 0, order.length, built.scores());
    for (int i = 1; i < order.length; i++) {
      double before = built.score(order[i - 1]);
      double after = built.score(order[i]);
      assertTrue(before > after || (before == after && order[i - 1] < order[i]));
    }
  }
}
