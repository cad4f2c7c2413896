package io.github.yolox4j.loss;

/**
 * Gives anchor points to objects (SimOTA, arXiv 2107.08430, section 2.1). Each object gets its k
 * cheapest candidates, k being the sum of its ten largest IoUs; an anchor point that several
 * objects claim goes to the one for which it is cheapest. Equal costs: the lower anchor point, the
 * lower object. No gradient flows through it.
 */
interface SimOta {

  /** How many of an object's largest IoUs say how many anchor points it gets. */
  int MOST_POSITIVES = 10;

  /** The weight of the box term in a pair's cost. */
  double BOX_WEIGHT = 3;

  /** Keeps the logarithm of an IoU of 0 finite. */
  double IOU_EPSILON = 1e-8;

  /** Where PyTorch's binary cross-entropy cuts logarithms off. */
  double LEAST_LOGARITHM = -100;

  /**
   * Assigns.
   *
   * @param predictions the predictions of a batch
   * @param targets its objects
   * @return the positives; its tensors belong to the innermost open scope
   */
  Assignment assign(GridPredictions predictions, Targets targets);
}
