package io.github.yolox4j.loss;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The ways to assign objects to predictions that a recipe can name. */
public enum AssignmentRule {
  /**
   * SimOTA as in the reference since January 2023: an anchor point is a candidate, and preferred,
   * when its centre is near that of an object.
   */
  @JsonProperty("head")
  HEAD(SimOta.HEAD),
  /**
   * SimOTA as in the reference's releases up to 0.3.0: an anchor point is a candidate when its
   * centre is inside an object's box or near its centre, and preferred by an object when both hold.
   */
  @JsonProperty("legacy")
  LEGACY(SimOta.LEGACY);

  private final Assigner assigner;

  AssignmentRule(Assigner assigner) {
    this.assigner = assigner;
  }

  Assigner assigner() {
    return assigner;
  }
}
