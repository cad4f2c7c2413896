package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;

/**
 * The exponential moving average of the weights.
 *
 * @param enabled whether it is kept; without it the trained weights are evaluated and saved
 * @param decay how much of the average an update keeps in the long run, 0 to below 1
 * @param ramp after how many updates that has come 63 % of its way from 0; a run of few updates
 *     averages more with a smaller one
 */
public record AverageRecipe(
    @JsonPropertyDescription("exponential moving average of the weights") boolean enabled,
    double decay,
    @JsonPropertyDescription("updates until that has come 63 % of its way") double ramp) {

  /** The reference's values. */
  public static final AverageRecipe DEFAULT = new AverageRecipe(true, 0.9998, 2000);

  /** Checks the values. */
  public AverageRecipe {
    Range.require("average.decay", decay, 0, Math.nextDown(1.0));
    Range.require("average.ramp", ramp, 1, 1e9);
  }
}
