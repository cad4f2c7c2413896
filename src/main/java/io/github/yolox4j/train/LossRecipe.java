package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.loss.AssignmentRule;
import io.github.yolox4j.loss.BoxLoss;

/**
 * What is minimised.
 *
 * @param assignment how anchor points are given to objects
 * @param box how boxes are compared
 * @param normalize whose positives divide the losses when several ranks train
 */
public record LossRecipe(
    @JsonPropertyDescription("how objects get anchor points") AssignmentRule assignment,
    BoxLoss box,
    @JsonPropertyDescription("whose positives divide a rank's losses")
        LossNormalization normalize) {

  /** The reference's values. */
  public static final LossRecipe DEFAULT =
      new LossRecipe(AssignmentRule.HEAD, BoxLoss.IOU, LossNormalization.RANK);
}
