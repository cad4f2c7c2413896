package io.github.yolox4j.train;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.github.yolox4j.Range;

/**
 * How parameters follow their gradients.
 *
 * @param rate the learning rate for 64 images per update; it is proportional to their number
 * @param momentum Nesterov momentum, 0 to below 1
 * @param weightDecay of convolution kernels, 0 or more
 * @param accumulate how many batches make one update, at least 1
 * @param clipNorm the largest norm of all gradients together; 0 leaves them as they are
 */
public record OptimizerRecipe(
    @JsonPropertyDescription("for 64 images per update") double rate,
    @JsonPropertyDescription("Nesterov's") double momentum,
    double weightDecay,
    @JsonPropertyDescription("batches per update") int accumulate,
    @JsonPropertyDescription("largest norm of all gradients; 0: any") double clipNorm) {

  /** The reference's values. */
  public static final OptimizerRecipe DEFAULT = new OptimizerRecipe(0.01, 0.9, 5e-4, 1, 0);

  private static final int RATE_IMAGES = 64;

  /** Checks the values. */
  public OptimizerRecipe {
    Range.require("optimizer.rate", rate, 0, 1e3);
    Range.require("optimizer.momentum", momentum, 0, Math.nextDown(1.0));
    Range.require("optimizer.weight-decay", weightDecay, 0, 1);
    Range.require("optimizer.accumulate", accumulate, 1, 1 << 16);
    Range.require("optimizer.clip-norm", clipNorm, 0, Double.MAX_VALUE);
  }

  /** The full learning rate for a number of images per batch. */
  double rate(int batch) {
    return rate / RATE_IMAGES * batch * accumulate;
  }
}
