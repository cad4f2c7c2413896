package io.github.yolox4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.Comparison;
import io.github.yolox4j.DeviceUnderTest;
import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both executions of SimOTA, against the reference's figures and against each other. */
class SimOtaTest {

  private static final List<String> CASES =
      List.of(
          "one",
          "three",
          "ten",
          "forty",
          "same_box_four_classes",
          "nested",
          "tiny_boxes",
          "whole_image",
          "crowd",
          "outside",
          "exact_distance",
          "sure",
          "ties");

  private static final int CLASSES = 6;

  /** A positive: its object and the IoU with it. */
  private record Positive(int object, double iou) {}

  private static ArraySimOta arrays(AssignmentRule rule) {
    return new ArraySimOta((SimOta) rule.assigner());
  }

  /** In plain Java, for all pictures at once, for one after the other, and as usual. */
  private static List<Assigner> executions(AssignmentRule rule) {
    SimOta all = (SimOta) rule.assigner();
    return List.of(
        arrays(rule),
        (predictions, targets) -> all.assign(predictions, targets, Long.MAX_VALUE),
        (predictions, targets) -> all.assign(predictions, targets, 1),
        all);
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void assignsAsTheReferenceDoes(AssignmentRule rule) {
    String name = "simota_" + rule.name().toLowerCase(Locale.ROOT) + ".safetensors";
    try (Weights figures = Weights.read(Shared.golden(name))) {
      for (String each : CASES) {
        float[] predictions = figures.arrays().get(each + ".pred").toFloats();
        double[] labels = figures.arrays().get(each + ".labels").toDoubles();
        double[] anchors = figures.arrays().get(each + ".fg_index").toDoubles();
        double[] objects = figures.arrays().get(each + ".gt").toDoubles();
        double[] ious = figures.arrays().get(each + ".iou").toDoubles();
        for (Assigner execution : executions(rule)) {
          List<Map<Integer, Positive>> found =
              assign(execution, new float[][] {predictions}, List.of(labels), 160, 160, CLASSES);
          String what = each + " " + execution;
          Map<Integer, Positive> positives = found.getFirst();
          assertArrayEquals(
              anchors, positives.keySet().stream().mapToDouble(i -> i).toArray(), what);
          assertArrayEquals(
              objects, positives.values().stream().mapToDouble(Positive::object).toArray(), what);
          assertArrayEquals(
              ious,
              positives.values().stream().mapToDouble(Positive::iou).toArray(),
              1e-5, // the reference computes it in 32 bits
              what);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void executionsAgreeOnRandomBatches(AssignmentRule rule) {
    SplittableRandom random = new SplittableRandom(7);
    int cases = 0;
    while (cases < 1000) {
      int batch = 1 + random.nextInt(4);
      int classes = 1 + random.nextInt(90);
      int height = 32 * (1 + random.nextInt(6));
      int width = 32 * (1 + random.nextInt(6));
      float[][] predictions = new float[batch][];
      List<double[]> labels = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        predictions[b] = predictions(random, height, width, classes);
        labels.add(labels(random, random.nextInt(121), height, width, classes));
      }
      List<Map<Integer, Positive>> expected = null;
      for (Assigner execution : executions(rule)) {
        List<Map<Integer, Positive>> found =
            assign(execution, predictions, labels, height, width, classes);
        if (expected == null) {
          expected = found;
        }
        for (int b = 0; b < batch; b++) {
          assertEquals(expected.get(b), found.get(b), "case " + (cases + b));
        }
      }
      cases += batch;
    }
  }

  /** A GPU's sigmoid differs by a last bit here and there, and with it which cost is less. */
  @Tag("gpu")
  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void executionsOnTheDeviceAgreeWithTheProcessor(AssignmentRule rule) {
    ComputeDevice device = DeviceUnderTest.get();
    Arithmetic.FP32.use(device);
    SplittableRandom random = new SplittableRandom(11);
    Comparison ious = new Comparison();
    Map<String, Integer> different = new TreeMap<>();
    int all = 0;
    for (int i = 0; i < 60; i++) {
      int batch = 1 + random.nextInt(4);
      int classes = 1 + random.nextInt(90);
      int height = 32 * (1 + random.nextInt(6));
      int width = 32 * (1 + random.nextInt(6));
      float[][] predictions = new float[batch][];
      List<double[]> labels = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        predictions[b] = predictions(random, height, width, classes);
        labels.add(labels(random, random.nextInt(120), height, width, classes));
      }
      List<Map<Integer, Positive>> expected =
          assign(arrays(rule), predictions, labels, height, width, classes);
      all += expected.stream().mapToInt(Map::size).sum();
      for (Assigner execution : List.of(arrays(rule), rule.assigner())) {
        List<Map<Integer, Positive>> found =
            assign(execution, predictions, labels, height, width, classes, device);
        for (int b = 0; b < batch; b++) {
          different.merge(
              execution.getClass().getSimpleName(),
              different(expected.get(b), found.get(b), ious),
              Integer::sum);
        }
      }
    }
    ious.assertPassed();
    int most = device.cuda() ? all / 1000 : 0;
    int positives = all;
    different.forEach(
        (execution, count) ->
            assertTrue(count <= most, () -> "%s: %d of %d".formatted(execution, count, positives)));
  }

  /** How many positives of a picture differ; the IoUs of the others are compared. */
  private static int different(
      Map<Integer, Positive> expected, Map<Integer, Positive> found, Comparison ious) {
    int different = Math.max(0, expected.size() - found.size());
    for (Map.Entry<Integer, Positive> entry : found.entrySet()) {
      Positive positive = entry.getValue();
      Positive same = expected.get(entry.getKey());
      if (same == null || same.object() != positive.object()) {
        different++;
      } else {
        ious.add("IoU", same.iou(), positive.iou(), 1e-6); // of 32 bits
      }
    }
    return different;
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void batchWithoutObjectsHasNoPositives(AssignmentRule rule) {
    SplittableRandom random = new SplittableRandom(1);
    float[][] predictions = {predictions(random, 64, 64, 3), predictions(random, 64, 64, 3)};
    for (Assigner execution : executions(rule)) {
      assertEquals(
          List.of(Map.of(), Map.of()),
          assign(execution, predictions, List.of(new double[0], new double[0]), 64, 64, 3));
    }
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void objectWithoutCandidatesHasNoPositives(AssignmentRule rule) {
    SplittableRandom random = new SplittableRandom(1);
    float[][] predictions = {predictions(random, 64, 64, 3)};
    double[] farOutside = {1, -500, 30, 10, 10};
    for (Assigner execution : executions(rule)) {
      assertEquals(
          List.of(Map.of()), assign(execution, predictions, List.of(farOutside), 64, 64, 3));
    }
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void objectWithFewerCandidatesThanItDeservesTakesThemAll(AssignmentRule rule) {
    float[] prediction = predictions(new SplittableRandom(1), 32, 32, 3);
    for (int i = 0; i < prediction.length; i += 8) { // every prediction is the object
      System.arraycopy(new float[] {2, 2, 40, 40}, 0, prediction, i, 4);
    }
    double[] label = {0, 2, 2, 40, 40};
    int candidates =
        CandidateAnchors.of((SimOta) rule.assigner(), cells(32, 32), labels(List.of(label)), 0)
            .length;
    assertTrue(rule == AssignmentRule.LEGACY || candidates < 10);
    for (Assigner execution : executions(rule)) {
      assertEquals(
          Math.min(candidates, 10),
          assign(execution, new float[][] {prediction}, List.of(label), 32, 32, 3)
              .getFirst()
              .size());
    }
  }

  @ParameterizedTest
  @EnumSource(AssignmentRule.class)
  void emptyBoxesAreAssignedWithoutNaN(AssignmentRule rule) {
    SplittableRandom random = new SplittableRandom(3);
    float[][] predictions = {predictions(random, 64, 64, 3)};
    double[] empty = {1, 30, 30, 0, 0, 2, 10, 10, 0, 7};
    List<Map<Integer, Positive>> expected = null;
    for (Assigner execution : executions(rule)) {
      var found = assign(execution, predictions, List.of(empty), 64, 64, 3);
      expected = expected == null ? found : expected;
      assertEquals(expected, found);
      assertEquals(2, found.getFirst().size());
    }
  }

  @Test
  void predictionsThatAreNotFiniteAreRefusedNamingThePictures() {
    SplittableRandom random = new SplittableRandom(1);
    float[][] predictions = new float[3][];
    List<double[]> labels = new ArrayList<>();
    for (int b = 0; b < 3; b++) {
      predictions[b] = predictions(random, 64, 64, 3);
      labels.add(new double[] {0, 32, 32, 20, 20});
    }
    Arrays.fill(predictions[1], Float.NaN);
    for (int i = 2; i < predictions[2].length; i += 8) {
      predictions[2][i] = Float.POSITIVE_INFINITY;
    }
    for (Assigner execution : executions(AssignmentRule.HEAD)) {
      long live = LiveNatives.count();
      YoloxException e =
          assertThrows(
              YoloxException.class, () -> assign(execution, predictions, labels, 64, 64, 3));
      assertEquals("The network predicts NaN or infinity for picture 1, picture 2", e.getMessage());
      LiveNatives.assertNoneLeftSince(live);
    }
  }

  @Test
  void classesThatTheNetworkDoesNotKnowAreRefusedNamingThePicture() {
    float[][] predictions = {predictions(new SplittableRandom(1), 64, 64, 3)};
    List<double[]> labels = List.of(new double[] {0, 32, 32, 20, 20, 3, 16, 16, 8, 8});
    YoloxException e =
        assertThrows(
            YoloxException.class, () -> assign(SimOta.HEAD, predictions, labels, 64, 64, 3));
    assertEquals(
        "picture 0: object 1 has the class 3; expected a whole number from 0 to 2", e.getMessage());
  }

  @Test
  void assignmentMovesToTheProcessorWhenTheDeviceIsOutOfMemory() {
    List<String> notices = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    Assigner small =
        (predictions, targets) -> {
          if (calls.getAndIncrement() % 2 == 0) {
            throw new RuntimeException("CUDA out of memory. Tried to allocate 2.00 GiB\nstack");
          }
          return SimOta.HEAD.assign(predictions, targets);
        };
    Assigner fallback = new ProcessorFallback(small, ComputeDevice.CPU, notices::add);
    float[][] predictions = {predictions(new SplittableRandom(1), 64, 64, 3)};
    List<double[]> labels = List.of(new double[] {0, 32, 32, 20, 20});
    for (int i = 0; i < 2; i++) {
      assertEquals(
          assign(SimOta.HEAD, predictions, labels, 64, 64, 3),
          assign(fallback, predictions, labels, 64, 64, 3));
    }
    assertEquals(4, calls.get());
    assertEquals(1, notices.size());
    Assigner broken =
        (_, _) -> {
          throw new IllegalStateException("something else");
        };
    assertThrows(
        IllegalStateException.class,
        () ->
            assign(
                new ProcessorFallback(broken, ComputeDevice.CPU, notices::add),
                predictions,
                labels,
                64,
                64,
                3));
  }

  private static List<Map<Integer, Positive>> assign(
      Assigner execution,
      float[][] predictions,
      List<double[]> labels,
      int height,
      int width,
      int classes) {
    return assign(execution, predictions, labels, height, width, classes, ComputeDevice.CPU);
  }

  private static List<Map<Integer, Positive>> assign(
      Assigner execution,
      float[][] predictions,
      List<double[]> labels,
      int height,
      int width,
      int classes,
      ComputeDevice device) {
    try (var _ = new Scope()) {
      int batch = predictions.length;
      GridPredictions grid = grid(predictions, height, width, classes, device);
      Targets targets = Targets.of(labels(labels), grid);
      Assignment found = execution.assign(grid, targets);
      double[] anchors = Tensors.toDoubles(found.anchor());
      double[] rows = Tensors.toDoubles(found.row());
      double[] ious = Tensors.toDoubles(found.iou());
      double[] weights = Tensors.toDoubles(found.weight());
      List<Map<Integer, Positive>> images = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        images.add(new TreeMap<>());
      }
      for (int i = 0; i < anchors.length; i++) {
        if (weights[i] == 1) {
          int image = (int) anchors[i] / grid.cells().size();
          assertEquals(image, (int) rows[i] / targets.most());
          Positive before =
              images
                  .get(image)
                  .put(
                      (int) anchors[i] % grid.cells().size(),
                      new Positive((int) rows[i] % targets.most(), (float) ious[i]));
          assertEquals(null, before, "an anchor point was given twice");
        } else {
          assertEquals(0, weights[i]);
        }
      }
      return images;
    }
  }

  /** Labels of rows of class, centre x, centre y, width, height. */
  private static Labels labels(List<double[]> pictures) {
    List<Labels> labels = new ArrayList<>();
    for (double[] rows : pictures) {
      int[] classes = new int[rows.length / 5];
      double[] boxes = new double[4 * classes.length];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = (int) rows[5 * i];
        System.arraycopy(rows, 5 * i + 1, boxes, 4 * i, 4);
      }
      labels.add(Labels.of("picture " + labels.size(), classes, boxes));
    }
    return Labels.of(labels);
  }

  private static AnchorGrid cells(int height, int width) {
    return AnchorGrid.of(Network.of(OfficialModel.NANO.spec()).predictions(), height, width);
  }

  /** Predictions from rows of decoded box, objectness, classes. */
  private static GridPredictions grid(
      float[][] images, int height, int width, int classes, ComputeDevice device) {
    AnchorGrid points = cells(height, width);
    float[] all = new float[images.length * images[0].length];
    for (int b = 0; b < images.length; b++) {
      System.arraycopy(images[b], 0, all, b * images[b].length, images[b].length);
    }
    Tensor rows =
        Tensors.of(all, images.length, points.size(), 5 + classes)
            .to(device.toTorch(), ScalarType.Float);
    Tensor boxes = rows.narrow(2, 0, 4).contiguous();
    return new GridPredictions(
        points,
        boxes, // an assignment needs none undecoded
        boxes,
        rows.select(2, 4),
        rows.narrow(2, 5, classes),
        GridPredictions.grid(points, boxes));
  }

  private static float[] predictions(SplittableRandom random, int height, int width, int classes) {
    AnchorGrid points = cells(height, width);
    float[] rows = new float[points.size() * (5 + classes)];
    int next = 0;
    for (int a = 0; a < points.size(); a++) {
      AnchorGrid.Level level = points.level(a);
      rows[next++] =
          (float) (level.x(level.column(a)) + random.nextGaussian() * level.prediction().stride());
      rows[next++] =
          (float) (level.y(level.row(a)) + random.nextGaussian() * level.prediction().stride());
      rows[next++] = (float) (level.prediction().stride() * Math.exp(random.nextGaussian()));
      rows[next++] = (float) (level.prediction().stride() * Math.exp(random.nextGaussian()));
      for (int c = 0; c <= classes; c++) {
        rows[next++] = (float) (random.nextGaussian() * 4);
      }
    }
    return rows;
  }

  private static double[] labels(
      SplittableRandom random, int count, int height, int width, int classes) {
    double[] rows = new double[count * 5];
    for (int i = 0; i < rows.length; i += 5) {
      rows[i] = random.nextInt(classes);
      rows[i + 1] = (float) (random.nextDouble(-0.1, 1.1) * width);
      rows[i + 2] = (float) (random.nextDouble(-0.1, 1.1) * height);
      rows[i + 3] = (float) (random.nextDouble() * width);
      rows[i + 4] = (float) (random.nextDouble() * height);
    }
    return rows;
  }
}
