package io.github.yolox4j.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.Shared;
import io.github.yolox4j.engine.FeatureMap;
import io.github.yolox4j.engine.LevelGrid;
import io.github.yolox4j.engine.LevelMap;
import io.github.yolox4j.engine.Predictions;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostprocessTest {

  @ParameterizedTest
  @ValueSource(strings = {"c0", "c1", "c2", "c3"})
  void detectionsAndTheirOrderAreTheReferences(String name) throws Exception {
    JsonNode facts =
        new ObjectMapper().readTree(Shared.golden("postprocess.json").toFile()).get(name);
    int classes = facts.get("classes").asInt();
    try (Weights figures = Weights.read(Shared.golden("postprocess.safetensors"))) {
      WeightArray predictions = figures.arrays().get(name + ".pred");
      float[] all = predictions.toFloats();
      int pictures = (int) predictions.shape()[0];
      int length = all.length / pictures;
      for (int p = 0; p < pictures; p++) {
        Candidates candidates =
            DecodedPredictions.select(
                Arrays.copyOfRange(all, p * length, (p + 1) * length),
                classes,
                (float) facts.get("conf").asDouble());
        int[] kept =
            NonMaximumSuppression.keep(
                candidates, (float) facts.get("nms").asDouble(), facts.get("agnostic").asBoolean());
        float[] expected = figures.arrays().get(name + ".det" + p).toFloats();
        assertEquals(facts.get("kept").get(p).asInt(), kept.length);
        float[] found = new float[expected.length];
        for (int i = 0; i < kept.length; i++) {
          float[] row = {
            candidates.x1(kept[i]),
            candidates.y1(kept[i]),
            candidates.x2(kept[i]),
            candidates.y2(kept[i]),
            candidates.objectness(kept[i]),
            candidates.classConfidence(kept[i]),
            candidates.classId(kept[i])
          };
          System.arraycopy(row, 0, found, 7 * i, 7);
        }
        assertArrayEquals(expected, found);
      }
    }
  }

  @Test
  void selectingFromLogitsEqualsSelectingFromDecodedPredictions() {
    int classes = 6;
    int batch = 2;
    float threshold = 0.3f;
    try (Arena arena = Arena.ofConfined()) {
      List<LevelMap> levels = new ArrayList<>();
      int[] strides = {8, 16, 32};
      for (int l = 0; l < 3; l++) {
        int height = 64 / strides[l];
        int width = 96 / strides[l];
        int points = batch * height * width;
        levels.add(
            new LevelMap(
                new LevelGrid(strides[l], height, width),
                map(arena, ReferenceInputs.values(900 + l, 4L * points, -2, 2), 4),
                map(arena, ReferenceInputs.values(910 + l, points, -3, 3), 1),
                map(
                    arena,
                    ReferenceInputs.values(920 + l, (long) classes * points, -3, 3),
                    classes)));
      }
      for (int picture = 0; picture < batch; picture++) {
        Candidates found = selected(levels, picture, classes, threshold);
        Candidates expected =
            DecodedPredictions.select(decoded(levels, picture, classes), classes, threshold);
        assertTrue(expected.size() > 10);
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
          assertEquals(expected.x1(i), found.x1(i));
          assertEquals(expected.y1(i), found.y1(i));
          assertEquals(expected.x2(i), found.x2(i));
          assertEquals(expected.y2(i), found.y2(i));
          assertEquals(expected.score(i), found.score(i));
          assertEquals(expected.classId(i), found.classId(i));
        }
      }
    }
  }

  @Test
  void pointsThatADeviceSelectedGiveWhatTheMapsGive() {
    int classes = 6;
    int batch = 3;
    float threshold = 0.3f;
    try (Arena arena = Arena.ofConfined()) {
      List<LevelMap> levels = new ArrayList<>();
      for (int stride = 8; stride <= 32; stride *= 2) {
        LevelGrid grid = new LevelGrid(stride, 64 / stride, 96 / stride);
        int points = batch * grid.points();
        levels.add(
            new LevelMap(
                grid,
                map(arena, ReferenceInputs.values(940 + stride, 4L * points, -2, 2), 4),
                map(arena, ReferenceInputs.values(941 + stride, points, -3, 3), 1),
                map(
                    arena,
                    ReferenceInputs.values(942 + stride, (long) classes * points, -3, 3),
                    classes)));
      }
      Predictions.Points points = everyPoint(arena, levels, batch, classes);
      for (int picture = 0; picture < batch; picture++) {
        Candidates expected = selected(levels, picture, classes, threshold);
        Candidates found = new Candidates();
        found.select(points, picture, classes, threshold);
        assertTrue(expected.size() > 10);
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
          assertEquals(expected.x1(i), found.x1(i));
          assertEquals(expected.y2(i), found.y2(i));
          assertEquals(expected.score(i), found.score(i));
          assertEquals(expected.classId(i), found.classId(i));
        }
      }
    }
  }

  /** All anchor points but those of picture 1's lowest objectness, as a device brings them. */
  private static Predictions.Points everyPoint(
      Arena arena, List<LevelMap> levels, int batch, int classes) {
    List<float[]> rows = new ArrayList<>();
    for (int picture = 0; picture < batch; picture++) {
      int before = 0;
      for (LevelMap level : levels) {
        for (int point = 0; point < level.points(); point++) {
          float objectness = at(level, level.objectness(), picture, point, 0);
          if (picture == 1 && objectness < -2) {
            continue;
          }
          float[] row = new float[7 + classes];
          row[0] = picture;
          row[1] = before + point;
          for (int c = 0; c < 4; c++) {
            row[2 + c] = at(level, level.boxes(), picture, point, c);
          }
          row[6] = objectness;
          for (int c = 0; c < classes; c++) {
            row[7 + c] = at(level, level.classes(), picture, point, c);
          }
          rows.add(row);
        }
        before += level.points();
      }
    }
    float[] all = new float[rows.size() * (7 + classes)];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * (7 + classes), 7 + classes);
    }
    return new Predictions.Points(
        levels.stream().map(LevelMap::grid).toList(), rows.size(), map(arena, all, 7 + classes));
  }

  @Test
  void mapsThatShareTheirMemoryAreReadLikeOthers() {
    int points = 6;
    float[] boxes = ReferenceInputs.values(930, 4L * points, -2, 2);
    float[] objectness = ReferenceInputs.values(931, points, 0, 3);
    float[] classes = ReferenceInputs.values(932, 2L * points, 0, 3);
    float[] both = new float[5 * points];
    for (int i = 0; i < points; i++) {
      System.arraycopy(boxes, 4 * i, both, 5 * i, 4);
      both[5 * i + 4] = objectness[i];
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment shared = arena.allocateFrom(ValueLayout.JAVA_FLOAT, both);
      FeatureMap scores = map(arena, classes, 2);
      LevelMap apart =
          new LevelMap(
              new LevelGrid(8, 2, 3), map(arena, boxes, 4), map(arena, objectness, 1), scores);
      LevelMap beside =
          new LevelMap(
              new LevelGrid(8, 2, 3),
              new FeatureMap(shared, 4, 5),
              new FeatureMap(shared.asSlice(4L * Float.BYTES), 1, 5),
              scores);
      Candidates expected = selected(List.of(apart), 0, 2, 0.3f);
      Candidates found = selected(List.of(beside), 0, 2, 0.3f);
      assertEquals(points, expected.size());
      assertEquals(points, found.size());
      for (int i = 0; i < points; i++) {
        assertEquals(expected.x1(i), found.x1(i));
        assertEquals(expected.y2(i), found.y2(i));
        assertEquals(expected.score(i), found.score(i));
      }
    }
  }

  @Test
  void equalProbabilitiesGoToTheLowestClass() {
    try (Arena arena = Arena.ofConfined()) {
      // as logits the last class is highest; as floats the saturated probabilities are equal
      LevelMap level =
          new LevelMap(
              new LevelGrid(8, 1, 1),
              map(arena, new float[4], 4),
              map(arena, new float[] {5}, 1),
              map(arena, new float[] {1, 30, 20, 40}, 4));
      Candidates found = selected(List.of(level), 0, 4, 0.3f);
      assertEquals(1, found.classId(0));
    }
  }

  @Test
  void predictionsThatAreNoNumbersAreNoDetections() {
    float[] rows = {
      8, 8, 4, 4, Float.NaN, 1, //
      8, 8, 4, 4, 1, Float.NaN, //
      8, 8, 4, 4, 0.9f, 0.9f
    };
    assertEquals(1, DecodedPredictions.select(rows, 1, 0.3f).size());
  }

  @Test
  void equalScoresKeepTheLowerAnchorPoint() {
    float[] rows = {
      10, 10, 8, 8, 0.5f, 0.5f, //
      10, 10, 8, 8, 0.5f, 0.5f, //
      50, 10, 8, 8, 0.5f, 0.5f
    };
    Candidates candidates = DecodedPredictions.select(rows, 1, 0.1f);
    assertArrayEquals(new int[] {0, 2}, NonMaximumSuppression.keep(candidates, 0.5f, false));
  }

  @Test
  void everyCandidateIsKeptOrOverlapsAKeptOneOfHigherScore() {
    float[] rows = new float[500 * 7];
    float[] random = ReferenceInputs.values(77, rows.length, 0, 1);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % 7 < 2 ? 100 * random[i] : i % 7 < 4 ? 40 * random[i] : random[i];
    }
    Candidates candidates = DecodedPredictions.select(rows, 2, 0.2f);
    int[] kept = NonMaximumSuppression.keep(candidates, 0.4f, false);
    boolean[] isKept = new boolean[candidates.size()];
    for (int k : kept) {
      isKept[k] = true;
    }
    for (int i = 0; i < candidates.size(); i++) {
      int candidate = i;
      boolean covered =
          Arrays.stream(kept)
              .anyMatch(
                  k ->
                      k != candidate
                          && candidates.classId(k) == candidates.classId(candidate)
                          && candidates.score(k) >= candidates.score(candidate)
                          && candidates.iou(k, candidate) > 0.4f);
      assertEquals(!isKept[i], covered);
    }
  }

  private static float[] decoded(List<LevelMap> levels, int picture, int classes) {
    List<float[]> rows = new ArrayList<>();
    for (LevelMap level : levels) {
      for (int point = 0; point < level.points(); point++) {
        float[] row = new float[5 + classes];
        int stride = level.grid().stride();
        row[0] =
            (at(level, level.boxes(), picture, point, 0) + point % level.grid().width()) * stride;
        int line = point / level.grid().width();
        row[1] = (at(level, level.boxes(), picture, point, 1) + line) * stride;
        row[2] = (float) Math.exp(at(level, level.boxes(), picture, point, 2)) * stride;
        row[3] = (float) Math.exp(at(level, level.boxes(), picture, point, 3)) * stride;
        row[4] = sigmoid(at(level, level.objectness(), picture, point, 0));
        for (int c = 0; c < classes; c++) {
          row[5 + c] = sigmoid(at(level, level.classes(), picture, point, c));
        }
        rows.add(row);
      }
    }
    float[] all = new float[rows.size() * (5 + classes)];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * (5 + classes), 5 + classes);
    }
    return all;
  }

  private static float at(LevelMap level, FeatureMap map, int picture, int point, int channel) {
    long index = ((long) picture * level.points() + point) * map.pitch() + channel;
    return map.data().getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  private static float sigmoid(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }

  private static FeatureMap map(Arena arena, float[] values, int channels) {
    return FeatureMap.dense(arena.allocateFrom(ValueLayout.JAVA_FLOAT, values), channels);
  }

  private static Candidates selected(
      List<LevelMap> levels, int picture, int classes, float threshold) {
    Candidates candidates = new Candidates();
    candidates.select(new Predictions.Maps(levels), picture, classes, threshold);
    return candidates;
  }
}
