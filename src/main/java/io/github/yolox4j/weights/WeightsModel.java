package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.ModelFile;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.model.SpecInference;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells which model a weight file is of. */
public final class WeightsModel {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

  private WeightsModel() {}

  /**
   * Gives an official model the number of classes of its weights. Other models keep their own, and
   * then the weights must have it.
   *
   * @param weights the tensors
   * @param named the model that was asked for
   * @return the model
   */
  public static ModelSpec withClassesOf(Weights weights, ModelSpec named) {
    WeightArray classes = weights.arrays().get("head.cls_preds.0.bias");
    boolean official =
        Arrays.stream(OfficialModel.values()).anyMatch(model -> model.spec().equals(named));
    return official && classes != null && classes.elements() <= Integer.MAX_VALUE
        ? named.withClasses((int) classes.elements())
        : named;
  }

  /**
   * Tells the model from what training wrote into the file, else from the tensors' names and shapes
   * and, where the file shows it, its activation function.
   *
   * @param weights the tensors
   * @return the model
   * @throws YoloxException if they are not those of a YOLOX model
   */
  public static ModelSpec infer(Weights weights) {
    String config = weights.metadata().get(Weights.CONFIG);
    if (config != null) {
      ModelSpec trained = ModelFile.parse(config, weights.source()).spec();
      if (WeightsMatch.of(trained, weights).complete()) {
        return trained;
      }
    }
    return fromShapes(weights);
  }

  private static ModelSpec fromShapes(Weights weights) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    weights.arrays().forEach((key, array) -> shapes.put(key, array.shape()));
    return SpecInference.infer(shapes)
        .map(spec -> activation(weights).map(spec::withActivation).orElse(spec))
        .map(spec -> sized(spec, weights))
        .orElseThrow(
            () ->
                new YoloxException(
                    "%s does not hold a YOLOX model: its %d tensors are not named like one (first: %s)"
                        .formatted(
                            weights.source(),
                            shapes.size(),
                            shapes.keySet().stream().findFirst().orElse("none"))));
  }

  /** A graph that takes pictures of one size was made for it. */
  private static ModelSpec sized(ModelSpec spec, Weights weights) {
    Matcher size = SIZE.matcher(weights.metadata().getOrDefault(Weights.INPUT, ""));
    if (!size.matches()) {
      return spec;
    }
    try {
      return spec.withInput(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
    } catch (YoloxException _) {
      return spec; // no size that the network can take
    }
  }

  private static Optional<Activation> activation(Weights weights) {
    String name = weights.metadata().get(Weights.ACTIVATION);
    return Arrays.stream(Activation.values())
        .filter(a -> a.name().equalsIgnoreCase(name))
        .findAny();
  }
}
