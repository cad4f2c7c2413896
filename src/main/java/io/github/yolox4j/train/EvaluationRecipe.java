package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;

/**
 * When and how accuracy is measured on the validation images.
 *
 * @param every after how many epochs; in the last phase, without augmentation, after each
 * @param confidence the lowest score of a detection, 0 to 1
 * @param nms the IoU above which a detection suppresses another of its class, 0 to 1
 * @param patience after how many evaluations without a better AP training ends; 0 for never
 */
public record EvaluationRecipe(
    @JsonPropertyDescription("epochs") int every,
    double confidence,
    double nms,
    @JsonPropertyDescription("evaluations without a better AP before the end; 0: any")
        int patience) {

  /** The reference's values. */
  public static final EvaluationRecipe DEFAULT = new EvaluationRecipe(10, 0.01, 0.65, 0);

  /** Checks the values. */
  public EvaluationRecipe {
    Range.require("evaluation.every", every, 1, Integer.MAX_VALUE);
    Range.require("evaluation.confidence", confidence, 0, 1);
    Range.require("evaluation.nms", nms, 0, 1);
    Range.require("evaluation.patience", patience, 0, Integer.MAX_VALUE);
  }
}
