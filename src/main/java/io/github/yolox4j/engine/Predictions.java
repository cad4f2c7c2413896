package io.github.yolox4j.engine;

import io.github.yolox4j.model.AnchorGrid;

/**
 * What a network predicts for a batch of pictures, valid until the request that made it is closed:
 * everything, or the cells that may reach a threshold, which are all that a GPU brings back.
 */
public sealed interface Predictions permits PredictedMaps, PredictedRows {

  /** Is shown what is predicted for a cell. */
  interface Visitor {

    /**
     * Looks at a cell's prediction.
     *
     * @param level what is predicted
     * @param cell the cell within the level, row by row
     * @param objectness logit
     * @param box four numbers, undecoded; may be overwritten
     * @param classes a logit per class; may be overwritten
     */
    void visit(AnchorGrid.Level level, int cell, float objectness, float[] box, float[] classes);
  }

  /** {@return the grid of the batch's input size} */
  AnchorGrid grid();

  /**
   * Shows the cells of a picture whose objectness reaches a bound, in the order of the grid.
   *
   * @param picture the picture's position in the batch
   * @param leastObjectness the least logit; no other cell's boxes and classes are read
   * @param visitor is shown the cells
   */
  void visit(int picture, float leastObjectness, Visitor visitor);
}
