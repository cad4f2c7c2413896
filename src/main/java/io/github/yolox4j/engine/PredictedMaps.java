package io.github.yolox4j.engine;

import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Channels;
import io.github.yolox4j.model.Prediction;
import java.util.List;
import java.util.function.Function;

/**
 * Everything that is predicted.
 *
 * @param maps the parts of each of the grid's levels
 */
record PredictedMaps(AnchorGrid grid, List<Parts> maps) implements Predictions {

  /** Where the parts of a prediction lie. */
  record Parts(MapView boxes, MapView objectness, MapView classes) {}

  /** Finds the parts by where their channels are. */
  static PredictedMaps of(AnchorGrid grid, Function<Channels, MapView> place) {
    return new PredictedMaps(
        grid,
        grid.levels().stream()
            .map(AnchorGrid.Level::prediction)
            .map(
                prediction ->
                    new Parts(
                        place.apply(prediction.boxes()),
                        place.apply(prediction.objectness()),
                        place.apply(prediction.classes())))
            .toList());
  }

  @Override
  public void visit(int picture, float leastObjectness, Visitor visitor) {
    float[] box = new float[Prediction.BOX];
    float[] classes = new float[maps.getFirst().classes.channels()];
    for (int i = 0; i < maps.size(); i++) {
      AnchorGrid.Level level = grid.levels().get(i);
      Parts parts = maps.get(i);
      long first = (long) picture * level.size();
      for (int cell = 0; cell < level.size(); cell++) {
        float objectness = parts.objectness.first(first + cell);
        if (objectness >= leastObjectness) {
          parts.boxes.read(first + cell, box);
          parts.classes.read(first + cell, classes);
          visitor.visit(level, cell, objectness, box, classes);
        }
      }
    }
  }
}
