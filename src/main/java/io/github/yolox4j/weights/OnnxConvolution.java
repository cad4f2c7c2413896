package io.github.yolox4j.weights;

import io.github.yolox4j.model.Convolution;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A convolution of an ONNX graph.
 *
 * @param name the node's name, for messages
 * @param weightName the name of its kernel's initialiser
 * @param label as in {@link Dataflow#label}
 * @param weight the kernel, four dimensions of at least 1
 * @param groups at least 1
 * @param bias [outputs]
 * @param norm the BatchNorm that follows, where the exporter has not folded it in
 */
record OnnxConvolution(
    String name,
    String weightName,
    String label,
    WeightArray weight,
    long groups,
    Optional<WeightArray> bias,
    Optional<Norm> norm) {

  /**
   * A BatchNormalization node; each array is [outputs].
   *
   * @param epsilon what it adds to the variance
   */
  record Norm(
      WeightArray scale,
      WeightArray shift,
      WeightArray mean,
      WeightArray variance,
      float epsilon) {}

  /** The number of outputs. */
  long outputs() {
    return weight.shape()[0];
  }

  OnnxConvolution followedBy(Norm following) {
    return new OnnxConvolution(
        name, weightName, label, weight, groups, bias, Optional.of(following));
  }

  /**
   * Adds the entries of a model's convolution that fold to this one, in the official order.
   *
   * @throws io.github.yolox4j.YoloxException if what the file has is not of the model's shape
   */
  void addTo(Map<String, WeightArray> arrays, MappedFile file, Convolution convolution) {
    String expected = Dataflow.label(convolution);
    if (!label.equals(expected)) {
      throw file.broken(
          "its convolution %s is %s; expected %s for %s"
              .formatted(name, label, expected, convolution.key()));
    }
    arrays.put(convolution.weightKey(), weight);
    if (convolution.normalised()) {
      addNorm(arrays, convolution);
    } else if (norm.isEmpty()) {
      arrays.put(convolution.biasKey(), shift());
    } else {
      throw file.broken(
          "BatchNormalization follows its convolution %s, which fits %s, a prediction layer without"
              .formatted(name, convolution.key()));
    }
  }

  private void addNorm(Map<String, WeightArray> arrays, Convolution convolution) {
    Norm used = norm.orElseGet(this::identity);
    arrays.put(convolution.normKey("weight"), scale(used));
    arrays.put(convolution.normKey("bias"), used.shift());
    arrays.put(convolution.normKey("running_mean"), mean(used));
    arrays.put(convolution.normKey("running_var"), used.variance());
    arrays.put(
        convolution.normKey("num_batches_tracked"),
        WeightArray.of(WeightType.INT64, MemorySegment.ofArray(new long[1])));
  }

  /** What BatchNorm is when it only adds the bias that it was folded into. */
  private Norm identity() {
    int outputs = Math.toIntExact(outputs());
    // in 64 bits, so that folding divides this root by itself and gives the kernel back bit by bit
    double[] scale = new double[outputs];
    Arrays.fill(scale, Math.sqrt(1 + Convolution.NORM_EPSILON));
    float[] variance = new float[outputs];
    Arrays.fill(variance, 1);
    return new Norm(
        doubles(scale),
        shift(),
        zeros(outputs),
        WeightArray.of(variance, outputs),
        (float) Convolution.NORM_EPSILON);
  }

  /** The scale that has the same effect beside YOLOX's epsilon as the file's beside its own. */
  private static WeightArray scale(Norm used) {
    if (used.epsilon() == (float) Convolution.NORM_EPSILON) {
      return used.scale();
    }
    double[] scale = used.scale().toDoubles();
    double[] variance = used.variance().toDoubles();
    for (int i = 0; i < scale.length; i++) {
      scale[i] *=
          Math.sqrt((variance[i] + Convolution.NORM_EPSILON) / (variance[i] + used.epsilon()));
    }
    return doubles(scale);
  }

  /** BatchNorm takes the mean off what the convolution has added its bias to. */
  private WeightArray mean(Norm used) {
    if (norm.isEmpty() || bias.isEmpty()) {
      return used.mean();
    }
    double[] mean = used.mean().toDoubles();
    double[] bias = shift().toDoubles();
    for (int i = 0; i < mean.length; i++) {
      mean[i] -= bias[i];
    }
    return doubles(mean);
  }

  private WeightArray shift() {
    return bias.orElseGet(() -> zeros(Math.toIntExact(outputs())));
  }

  private static WeightArray zeros(int length) {
    return WeightArray.of(new float[length], length);
  }

  private static WeightArray doubles(double[] values) {
    return WeightArray.of(WeightType.FLOAT64, MemorySegment.ofArray(values), values.length);
  }
}
