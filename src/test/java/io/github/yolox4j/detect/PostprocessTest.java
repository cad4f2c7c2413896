package io.github.yolox4j.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.Shared;
import io.github.yolox4j.engine.MadePredictions;
import io.github.yolox4j.engine.Predictions;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
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

  private static final int CLASSES = 6;
  private static final int BATCH = 3;
  private static final AnchorGrid GRID =
      AnchorGrid.of(
          Network.of(OfficialModel.NANO.spec().withClasses(CLASSES)).predictions(), 64, 96);

  @Test
  void selectingFromLogitsEqualsSelectingFromDecodedPredictions() {
    MadePredictions made = made(900);
    for (int picture = 0; picture < BATCH; picture++) {
      Candidates found = selected(made.maps(GRID), picture, 0.3f);
      Candidates expected = DecodedPredictions.select(decoded(made, picture), CLASSES, 0.3f);
      assertTrue(expected.size() > 10);
      assertSame(expected, found);
    }
  }

  @Test
  void cellsThatADeviceSelectedGiveWhatTheMapsGive() {
    MadePredictions made = made(940);
    Predictions rows = everyCell(made);
    for (int picture = 0; picture < BATCH; picture++) {
      Candidates expected = selected(made.maps(GRID), picture, 0.3f);
      assertTrue(expected.size() > 10);
      assertSame(expected, selected(rows, picture, 0.3f));
    }
  }

  @Test
  void mapsThatShareTheirMemoryAreReadLikeOthers() {
    MadePredictions made = made(930);
    Candidates expected = selected(made.maps(GRID), 1, 0.3f);
    assertTrue(expected.size() > 10);
    assertSame(expected, selected(made.mapsSideBySide(GRID), 1, 0.3f));
  }

  private static void assertSame(Candidates expected, Candidates found) {
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

  private static MadePredictions made(int seed) {
    MadePredictions made =
        new MadePredictions(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (AnchorGrid.Level level : GRID.levels()) {
      int cells = BATCH * level.size();
      int own = seed + 3 * made.boxes().size();
      made.boxes().add(ReferenceInputs.values(own, 4L * cells, -2, 2));
      made.objectness().add(ReferenceInputs.values(own + 1, cells, -3, 3));
      made.classes().add(ReferenceInputs.values(own + 2, (long) CLASSES * cells, -3, 3));
    }
    return made;
  }

  /** All cells but those of picture 1's lowest objectness, as a device brings them. */
  private static Predictions everyCell(MadePredictions made) {
    List<float[]> rows = new ArrayList<>();
    for (int picture = 0; picture < BATCH; picture++) {
      for (int l = 0; l < GRID.levels().size(); l++) {
        AnchorGrid.Level level = GRID.levels().get(l);
        for (int cell = 0; cell < level.size(); cell++) {
          int at = picture * level.size() + cell;
          float objectness = made.objectness().get(l)[at];
          if (picture == 1 && objectness < -2) {
            continue;
          }
          float[] row = new float[7 + CLASSES];
          row[0] = picture;
          row[1] = level.first() + cell;
          System.arraycopy(made.boxes().get(l), 4 * at, row, 2, 4);
          row[6] = objectness;
          System.arraycopy(made.classes().get(l), CLASSES * at, row, 7, CLASSES);
          rows.add(row);
        }
      }
    }
    return MadePredictions.rows(GRID, rows);
  }

  @Test
  void equalProbabilitiesGoToTheLowestClass() {
    AnchorGrid grid =
        AnchorGrid.of(Network.of(OfficialModel.NANO.spec().withClasses(4)).predictions(), 32, 32);
    MadePredictions made =
        new MadePredictions(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (AnchorGrid.Level level : grid.levels()) {
      made.boxes().add(new float[4 * level.size()]);
      float[] objectness = new float[level.size()];
      Arrays.fill(objectness, -20);
      made.objectness().add(objectness);
      made.classes().add(new float[4 * level.size()]);
    }
    made.objectness().getFirst()[0] = 5;
    // as logits the last class is highest; as floats the saturated probabilities are equal
    System.arraycopy(new float[] {1, 30, 20, 40}, 0, made.classes().getFirst(), 0, 4);
    Candidates found = selected(made.maps(grid), 0, 0.3f);
    assertEquals(1, found.size());
    assertEquals(1, found.classId(0));
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

  private static float[] decoded(MadePredictions made, int picture) {
    int row = 5 + CLASSES;
    float[] all = new float[GRID.size() * row];
    int to = 0;
    for (int l = 0; l < GRID.levels().size(); l++) {
      AnchorGrid.Level level = GRID.levels().get(l);
      int stride = level.prediction().stride();
      for (int cell = 0; cell < level.size(); cell++) {
        int at = picture * level.size() + cell;
        float[] boxes = made.boxes().get(l);
        int line = cell / level.columns();
        all[to] = (boxes[4 * at] + cell % level.columns()) * stride;
        all[to + 1] = (boxes[4 * at + 1] + line) * stride;
        all[to + 2] = (float) Math.exp(boxes[4 * at + 2]) * stride;
        all[to + 3] = (float) Math.exp(boxes[4 * at + 3]) * stride;
        all[to + 4] = sigmoid(made.objectness().get(l)[at]);
        for (int c = 0; c < CLASSES; c++) {
          all[to + 5 + c] = sigmoid(made.classes().get(l)[CLASSES * at + c]);
        }
        to += row;
      }
    }
    return all;
  }

  private static float sigmoid(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }

  private static Candidates selected(Predictions predictions, int picture, float threshold) {
    Candidates candidates = new Candidates();
    candidates.select(predictions, picture, threshold);
    return candidates;
  }
}
