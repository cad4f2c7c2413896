package io.github.yolox4j.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The seven published models, for the 80 classes of COCO. */
public enum OfficialModel {
  /** YOLOX-Nano, depthwise. */
  NANO(0.33, 0.25, true, 416, 25.8),
  /** YOLOX-Tiny. */
  TINY(0.33, 0.375, false, 416, 32.8),
  /** YOLOX-S. */
  S(0.33, 0.50, false, 640, 40.5),
  /** YOLOX-M. */
  M(0.67, 0.75, false, 640, 46.9),
  /** YOLOX-L. */
  L(1.00, 1.00, false, 640, 49.7),
  /** YOLOX-X. */
  X(1.33, 1.25, false, 640, 51.1),
  /** YOLOX-Darknet53: Darknet-53, FPN, leaky ReLU. */
  DARKNET53(640, 47.7);

  private static final int COCO_CLASSES = 80;

  private final ModelSpec spec;
  private final double publishedAp;

  OfficialModel(double depth, double width, boolean depthwise, int side, double publishedAp) {
    this.spec =
        new ModelSpec(
            key(),
            Backbone.CSP_DARKNET,
            depth,
            width,
            depthwise,
            Activation.SILU,
            3,
            COCO_CLASSES,
            side,
            side);
    this.publishedAp = publishedAp;
  }

  OfficialModel(int side, double publishedAp) {
    this.spec =
        new ModelSpec(
            key(), Backbone.DARKNET53, 1, 1, false, Activation.LRELU, 3, COCO_CLASSES, side, side);
    this.publishedAp = publishedAp;
  }

  /** {@return the name that people type, for example {@code nano}} */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return the model's specification for COCO} */
  public ModelSpec spec() {
    return spec;
  }

  /** {@return the published AP on COCO val2017 in percent} */
  public double publishedAp() {
    return publishedAp;
  }

  /**
   * Finds a model by the name that people type.
   *
   * @param key for example {@code nano}, in any case
   * @return the model, or nothing when there is none of that name
   */
  public static Optional<OfficialModel> named(String key) {
    return Arrays.stream(values()).filter(m -> m.key().equalsIgnoreCase(key)).findFirst();
  }
}
