package io.github.yolox4j.weights;

import io.github.yolox4j.model.Convolution;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;

/** Writes a convolution of an ONNX graph as the state dict's entries that fold to it. */
final class OnnxStateDict {

  private OnnxStateDict() {}

  /**
   * Adds a convolution's entries, in the official order.
   *
   * @throws io.github.yolox4j.YoloxException if what the file has is not of the model's shape
   */
  static void put(
      Map<String, WeightArray> arrays,
      MappedFile file,
      Convolution convolution,
      OnnxConvolution stored) {
    String expected = Dataflow.label(convolution);
    if (!stored.label().equals(expected)) {
      throw file.broken(
          "its convolution %s is %s; expected %s for %s"
              .formatted(stored.name(), stored.label(), expected, convolution.key()));
    }
    arrays.put(convolution.weightKey(), stored.weight());
    if (convolution.normalised()) {
      putNorm(arrays, convolution, stored);
    } else if (stored.norm().isEmpty()) {
      arrays.put(convolution.biasKey(), bias(stored));
    } else {
      throw file.broken(
          "BatchNormalization follows its convolution %s, which fits %s, a prediction layer without"
              .formatted(stored.name(), convolution.key()));
    }
  }

  private static void putNorm(
      Map<String, WeightArray> arrays, Convolution convolution, OnnxConvolution stored) {
    OnnxConvolution.Norm norm = stored.norm().orElseGet(() -> identity(stored));
    arrays.put(convolution.normKey("weight"), scale(norm));
    arrays.put(convolution.normKey("bias"), norm.shift());
    arrays.put(convolution.normKey("running_mean"), mean(norm, stored));
    arrays.put(convolution.normKey("running_var"), norm.variance());
    arrays.put(
        convolution.normKey("num_batches_tracked"),
        WeightArray.of(DType.INT64, MemorySegment.ofArray(new long[1])));
  }

  /** What BatchNorm is when it only adds the bias that it was folded into. */
  private static OnnxConvolution.Norm identity(OnnxConvolution stored) {
    int outputs = Math.toIntExact(stored.outputs());
    // in 64 bits, so that folding divides this root by itself and gives the kernel back bit by bit
    double[] scale = new double[outputs];
    Arrays.fill(scale, Math.sqrt(1 + Convolution.NORM_EPSILON));
    float[] variance = new float[outputs];
    Arrays.fill(variance, 1);
    return new OnnxConvolution.Norm(
        doubles(scale),
        bias(stored),
        zeros(outputs),
        WeightArray.of(variance, outputs),
        (float) Convolution.NORM_EPSILON);
  }

  /** The scale that has the same effect beside YOLOX's epsilon as the file's beside its own. */
  private static WeightArray scale(OnnxConvolution.Norm norm) {
    if (norm.epsilon() == (float) Convolution.NORM_EPSILON) {
      return norm.scale();
    }
    double[] scale = norm.scale().toDoubles();
    double[] variance = norm.variance().toDoubles();
    for (int i = 0; i < scale.length; i++) {
      scale[i] *=
          Math.sqrt((variance[i] + Convolution.NORM_EPSILON) / (variance[i] + norm.epsilon()));
    }
    return doubles(scale);
  }

  /** BatchNorm takes the mean off what the convolution has added its bias to. */
  private static WeightArray mean(OnnxConvolution.Norm norm, OnnxConvolution stored) {
    if (stored.norm().isEmpty() || stored.bias().isEmpty()) {
      return norm.mean();
    }
    double[] mean = norm.mean().toDoubles();
    double[] bias = bias(stored).toDoubles();
    for (int i = 0; i < mean.length; i++) {
      mean[i] -= bias[i];
    }
    return doubles(mean);
  }

  private static WeightArray bias(OnnxConvolution stored) {
    return stored.bias().orElseGet(() -> zeros(Math.toIntExact(stored.outputs())));
  }

  private static WeightArray zeros(int length) {
    return WeightArray.of(new float[length], length);
  }

  private static WeightArray doubles(double[] values) {
    return WeightArray.of(DType.FLOAT64, MemorySegment.ofArray(values), values.length);
  }
}
