package io.github.yolox4j.model;

import io.github.yolox4j.YoloxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a model's specification from the shapes of its weights. What weights do not show is taken
 * from the official model of the same shape: the name, the picture size, the activation function.
 */
public final class SpecInference {

  private static final String PREFIX = "backbone.backbone.";
  private static final double DEFAULT_DEPTH_STEP = 1 / 3.0;
  private static final int DEFAULT_SIDE = 640;

  private SpecInference() {}

  /**
   * Infers the specification.
   *
   * @param shapes the shape of every tensor by its official state-dict key
   * @return the specification, or nothing when the keys are not those of a YOLOX model
   */
  public static Optional<ModelSpec> infer(Map<String, long[]> shapes) {
    try {
      return fromShapes(shapes);
    } catch (YoloxException | ArithmeticException e) {
      return Optional.empty(); // shapes that no model has
    }
  }

  private static Optional<ModelSpec> fromShapes(Map<String, long[]> shapes) {
    long[] classKernel = shapes.get("head.cls_preds.0.weight");
    if (classKernel == null || classKernel.length != 4) {
      return Optional.empty();
    }
    int classes = Math.toIntExact(classKernel[0]);
    long[] focus = shapes.get(PREFIX + "stem.conv.conv.weight");
    if (focus != null && focus.length == 4) {
      return cspDarknet(shapes, focus, classes);
    }
    long[] stem = shapes.get(PREFIX + "stem.0.conv.weight");
    if (stem != null && stem.length == 4) {
      return Optional.of(darknet(shapes, stem, classes));
    }
    return Optional.empty();
  }

  private static Optional<ModelSpec> cspDarknet(
      Map<String, long[]> shapes, long[] focus, int classes) {
    boolean depthwise = shapes.containsKey(PREFIX + "dark2.0.dconv.conv.weight");
    int bottlenecks = count(shapes, PREFIX + "dark2.1.m.%d.conv1.conv.weight");
    int neck = count(shapes, "backbone.C3_p4.m.%d.conv1.conv.weight");
    double width = focus[0] / 64.0;
    int channels = Math.toIntExact(focus[1] / 4);
    Optional<ModelSpec> official =
        List.of(OfficialModel.values()).stream()
            .map(OfficialModel::spec)
            .filter(s -> s.backbone() == Backbone.CSP_DARKNET)
            .filter(s -> s.width() == width && s.depthwise() == depthwise)
            .filter(s -> s.baseDepth() == neck && Math.max(1, s.baseDepth()) == bottlenecks)
            .findFirst();
    if (official.isPresent()) {
      return official.map(s -> s.withClasses(classes).withInputChannels(channels));
    }
    double depth = neck == 0 ? DEFAULT_DEPTH_STEP / 3 : neck * DEFAULT_DEPTH_STEP;
    return Optional.of(
        new ModelSpec(
            "custom",
            Backbone.CSP_DARKNET,
            depth,
            width,
            depthwise,
            Activation.SILU,
            channels,
            classes,
            DEFAULT_SIDE,
            DEFAULT_SIDE));
  }

  private static ModelSpec darknet(Map<String, long[]> shapes, long[] stem, int classes) {
    int deepest = Backbone.DARKNET53.residuals(3);
    boolean full = shapes.containsKey(PREFIX + "dark3." + deepest + ".layer1.conv.weight");
    ModelSpec official = OfficialModel.DARKNET53.spec();
    return new ModelSpec(
        full ? official.name() : "darknet21",
        full ? Backbone.DARKNET53 : Backbone.DARKNET21,
        1,
        1,
        false,
        official.activation(),
        Math.toIntExact(stem[1]),
        classes,
        official.inputHeight(),
        official.inputWidth());
  }

  private static int count(Map<String, long[]> shapes, String pattern) {
    int n = 0;
    while (shapes.containsKey(pattern.formatted(n))) {
      n++;
    }
    return n;
  }
}
