package io.github.yolox4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.LevelOutput;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a network's output on the device, which need not be a GPU. */
class CellSelectionTest {

  private static final int BATCH = 2;
  private static final int CLASSES = 3;
  private static final AnchorGrid GRID =
      AnchorGrid.of(
          Network.of(OfficialModel.NANO.spec().withClasses(CLASSES)).predictions(), 64, 96);

  @ParameterizedTest
  @ValueSource(floats = {0, 0.01f, 0.3f, 0.95f})
  void everythingThatReachesTheScoreIsThereInOrder(float threshold) {
    long live = LiveNatives.count();
    try (var _ = new Scope()) {
      List<LevelOutput> levels = levels();
      List<float[]> expected = expected(levels, threshold);
      PredictedRows found = CellSelection.of(GRID, levels, threshold);
      assertEquals(GRID, found.grid());
      assertEquals(expected.size(), found.size());
      float[] row = new float[found.rows().channels()];
      for (int i = 0; i < expected.size(); i++) {
        found.rows().read(i, row);
        assertArrayEquals(expected.get(i), row);
      }
      for (int picture = 0; picture <= BATCH; picture++) {
        int wanted = picture;
        AtomicInteger seen = new AtomicInteger();
        found.visit(picture, -9, (_, _, _, _, _) -> seen.incrementAndGet());
        assertEquals(expected.stream().filter(each -> each[0] == wanted).count(), seen.get());
      }
    }
    LiveNatives.assertNoneLeftSince(live);
  }

  @Test
  void nothingIsLeftWhereNothingReachesTheScore() {
    try (var _ = new Scope()) {
      PredictedRows found = CellSelection.of(GRID, levels(), 1);
      assertEquals(0, found.size());
      found.visit(1, -9, (_, _, _, _, _) -> fail());
    }
  }

  private static List<LevelOutput> levels() {
    List<LevelOutput> levels = new ArrayList<>();
    for (AnchorGrid.Level level : GRID.levels()) {
      int stride = level.prediction().stride();
      int height = level.rows();
      int width = level.columns();
      long points = (long) BATCH * height * width;
      levels.add(
          new LevelOutput(
              level.prediction(),
              Tensors.of(
                  ReferenceInputs.values(stride, 4 * points, -2, 2), BATCH, 4, height, width),
              Tensors.of(
                  ReferenceInputs.values(stride + 1, points, -4, 4), BATCH, 1, height, width),
              Tensors.of(
                  ReferenceInputs.values(stride + 2, CLASSES * points, -4, 4),
                  BATCH,
                  CLASSES,
                  height,
                  width)));
    }
    return levels;
  }

  private static List<float[]> expected(List<LevelOutput> levels, float threshold) {
    List<float[]> rows = new ArrayList<>();
    for (int picture = 0; picture < BATCH; picture++) {
      int before = 0;
      for (LevelOutput level : levels) {
        int points = (int) (level.boxes().size(2) * level.boxes().size(3));
        float[] boxes = Tensors.toFloats(level.boxes());
        float[] objectness = Tensors.toFloats(level.objectness());
        float[] classes = Tensors.toFloats(level.classes());
        for (int point = 0; point < points; point++) {
          float[] row = new float[2 + 5 + CLASSES];
          row[0] = picture;
          row[1] = before + point;
          for (int c = 0; c < 4; c++) {
            row[2 + c] = boxes[(picture * 4 + c) * points + point];
          }
          row[6] = objectness[picture * points + point];
          double best = 0;
          for (int c = 0; c < CLASSES; c++) {
            row[7 + c] = classes[(picture * CLASSES + c) * points + point];
            best = Math.max(best, 1 / (1 + Math.exp(-row[7 + c])));
          }
          double score = best / (1 + Math.exp(-row[6]));
          // between the margin and the threshold either is right; these figures have none there
          assertTrue(score < threshold * 0.999 || score >= threshold);
          if (score >= threshold) {
            rows.add(row);
          }
        }
        before += points;
      }
    }
    return rows;
  }
}
