package io.github.yolox4j.loss;

/**
 * Decides which predictions should find which objects. Knows no state, so that it is safe for use
 * by many threads. To add one, give it a constant in {@link AssignmentRule}.
 */
interface Assigner {

  /**
   * Assigns; no gradient flows through it. On a GPU the host does not wait for it.
   *
   * @param predictions the predictions of a batch
   * @param targets its objects
   * @return the positives; its tensors belong to the innermost open scope
   */
  Assignment assign(GridPredictions predictions, Targets targets);
}
