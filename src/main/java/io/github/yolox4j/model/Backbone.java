package io.github.yolox4j.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The feature extractor, which also settles the neck above it. */
public enum Backbone {
  /** CSPDarknet below a PAFPN; scales with depth and width. */
  @JsonProperty("csp-darknet")
  CSP_DARKNET(0, 0, 0, 0),
  /** Darknet-21 below an FPN. */
  @JsonProperty("darknet21")
  DARKNET21(1, 2, 2, 1),
  /** Darknet-53 below an FPN. */
  @JsonProperty("darknet53")
  DARKNET53(2, 8, 8, 4);

  private final int dark2;
  private final int dark3;
  private final int dark4;
  private final int dark5;

  Backbone(int dark2, int dark3, int dark4, int dark5) {
    this.dark2 = dark2;
    this.dark3 = dark3;
    this.dark4 = dark4;
    this.dark5 = dark5;
  }

  /**
   * {@return the number of ResLayers of a Darknet stage; 0 for CSPDarknet, whose depth is scaled
   * instead}
   *
   * @param stage 2 to 5 for dark2 to dark5
   */
  public int residuals(int stage) {
    return switch (stage) {
      case 2 -> dark2;
      case 3 -> dark3;
      case 4 -> dark4;
      case 5 -> dark5;
      default -> throw new IllegalArgumentException("stage " + stage + "; expected 2 to 5");
    };
  }
}
