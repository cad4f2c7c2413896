package io.github.yolox4j.train;

import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;

/**
 * What is minimised.
 *
 * @param assignment which version of SimOTA gives anchor points to objects
 * @param box how boxes are compared
 * @param normalize whose positives divide the losses when several ranks train
 */
public record LossRecipe(AssignmentRule assignment, BoxLoss box, LossNormalization normalize) {

  /** The reference's values. */
  public static final LossRecipe DEFAULT =
      new LossRecipe(AssignmentRule.HEAD, BoxLoss.IOU, LossNormalization.RANK);
}
