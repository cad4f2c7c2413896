package io.github.yolox4j.loss;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The two published versions of SimOTA. They differ in which anchor points are candidates and in
 * which pairs of object and anchor point are preferred.
 */
public enum AssignmentRule {
  /**
   * The reference since January 2023: an anchor point is a candidate, and preferred, when its
   * centre is near that of an object.
   */
  @JsonProperty("head")
  HEAD(1.5, 1e6, false),
  /**
   * The reference's releases up to 0.3.0: an anchor point is a candidate when its centre is inside
   * an object's box or near its centre, and preferred by an object when both hold.
   */
  @JsonProperty("legacy")
  LEGACY(2.5, 1e5, true);

  private final double radius;
  private final double penalty;
  private final boolean looksAtBoxes;

  AssignmentRule(double radius, double penalty, boolean looksAtBoxes) {
    this.radius = radius;
    this.penalty = penalty;
    this.looksAtBoxes = looksAtBoxes;
  }

  /**
   * Returns below which distance, on both axes, an anchor point is near an object's centre.
   *
   * @return in strides
   */
  public double radius() {
    return radius;
  }

  /**
   * Returns what is added to the cost of a pair that is not preferred.
   *
   * @return more than any preferred pair costs with up to 900 classes
   */
  public double penalty() {
    return penalty;
  }

  /**
   * Tells whether it matters that an anchor point's centre is inside an object's box.
   *
   * @return false if only the distance of the centres does
   */
  boolean looksAtBoxes() {
    return looksAtBoxes;
  }
}
