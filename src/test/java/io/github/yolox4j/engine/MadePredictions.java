package io.github.yolox4j.engine;

import io.github.yolox4j.model.AnchorGrid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Predictions of a batch from made-up numbers, in native memory that is freed by the collector.
 *
 * @param boxes for each level of a grid the box values, [picture, cell, 4]
 * @param objectness for each level the logits, [picture, cell]
 * @param classes for each level the logits, [picture, cell, class]
 */
public record MadePredictions(
    List<float[]> boxes, List<float[]> objectness, List<float[]> classes) {

  /** As maps of their own. */
  public Predictions maps(AnchorGrid grid) {
    List<PredictedMaps.Parts> parts = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      parts.add(
          new PredictedMaps.Parts(
              view(boxes.get(i), 4), view(objectness.get(i), 1), view(classes.get(i), count(i))));
    }
    return new PredictedMaps(grid, parts);
  }

  /** As maps of which boxes and objectness lie in one memory. */
  public Predictions mapsSideBySide(AnchorGrid grid) {
    List<PredictedMaps.Parts> parts = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      int cells = objectness.get(i).length;
      float[] both = new float[5 * cells];
      for (int cell = 0; cell < cells; cell++) {
        System.arraycopy(boxes.get(i), 4 * cell, both, 5 * cell, 4);
        both[5 * cell + 4] = objectness.get(i)[cell];
      }
      MapView together = view(both, 5);
      parts.add(
          new PredictedMaps.Parts(
              together.part(0, 4), together.part(4, 1), view(classes.get(i), count(i))));
    }
    return new PredictedMaps(grid, parts);
  }

  /** As a device brings back some cells. */
  public static Predictions rows(AnchorGrid grid, List<float[]> rows) {
    int numbers = rows.getFirst().length;
    float[] all = new float[rows.size() * numbers];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * numbers, numbers);
    }
    return new PredictedRows(grid, rows.size(), view(all, numbers));
  }

  private int count(int level) {
    return classes.get(level).length / objectness.get(level).length;
  }

  private static MapView view(float[] values, int channels) {
    MemorySegment memory = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
    return new MapView(memory, channels, channels);
  }
}
