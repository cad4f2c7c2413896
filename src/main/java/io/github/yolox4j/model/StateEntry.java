package io.github.yolox4j.model;

import java.util.List;

/**
 * An entry of a state dict.
 *
 * @param key the official name
 * @param shape the tensor's shape; empty for a scalar
 * @param role what the tensor is
 */
public record StateEntry(String key, List<Long> shape, Role role) {

  /** What a tensor of a state dict is. */
  public enum Role {
    /** A convolution's kernel. */
    WEIGHT,
    /** BatchNorm's scale. */
    NORM_WEIGHT,
    /** A bias, BatchNorm's or a prediction layer's. */
    BIAS,
    /** BatchNorm's running mean or variance. */
    STATISTIC,
    /** BatchNorm's count of batches, an int64 scalar. */
    COUNTER;

    /**
     * Tells whether the tensor is trained.
     *
     * @return false for statistics and counters
     */
    public boolean trained() {
      return this == WEIGHT || this == NORM_WEIGHT || this == BIAS;
    }
  }

  /** {@return the product of the shape, 1 for a single number} */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
