package io.github.yolox4j.train;

/**
 * The exponential moving average of the weights.
 *
 * @param enabled whether it is kept; without it the trained weights are evaluated and saved
 * @param decay how much of the average an update keeps in the long run, 0 to below 1
 */
public record AverageRecipe(boolean enabled, double decay) {

  /** The reference's values. */
  public static final AverageRecipe DEFAULT = new AverageRecipe(true, 0.9998);

  /** Checks the values. */
  public AverageRecipe {
    Range.require("average.decay", decay, 0, Math.nextDown(1.0));
  }
}
