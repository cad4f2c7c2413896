package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;

/**
 * How the input size changes while training. Sizes are multiples of 32 pixels around the model's
 * input height; the width keeps the model's ratio.
 *
 * @param every after how many iterations a size is drawn; 0 keeps the model's size
 * @param below how many times 32 pixels the input may be smaller
 * @param above how many times 32 pixels the input may be larger
 */
public record MultiscaleRecipe(
    @JsonPropertyDescription("iterations between input sizes; 0: one size") int every,
    @JsonPropertyDescription("times 32 pixels") int below,
    int above) {

  /** The reference's values. */
  public static final MultiscaleRecipe DEFAULT = new MultiscaleRecipe(10, 5, 5);

  /** Checks the values. */
  public MultiscaleRecipe {
    Range.require("multiscale.every", every, 0, Integer.MAX_VALUE);
    Range.require("multiscale.below", below, 0, 255);
    Range.require("multiscale.above", above, 0, 255);
  }
}
