package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.Convolution;
import java.util.Map;

/**
 * A convolution's kernel and bias with the BatchNorm that follows folded in, for inference.
 *
 * @param convolution the convolution
 * @param weight [outputs, inputs / groups, kernel, kernel], row-major
 * @param bias [outputs]
 */
@SuppressWarnings("ArrayRecordComponent") // arrays are what the engines copy from
public record FoldedConvolution(Convolution convolution, float[] weight, float[] bias) {

  /** Refuses weights that make the network compute nothing: infinite or not numbers. */
  void requireFinite() {
    if (!finite(weight) || !finite(bias)) {
      throw new YoloxException(
          "The weights of %s are not all finite numbers; was the training broken?"
              .formatted(convolution.key()));
    }
  }

  private static boolean finite(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value * 0; // 0 for a finite number, else not a number
    }
    return sum == 0;
  }

  /**
   * Folds in double precision: weight * g / sqrt(var + eps), b - mean * g / sqrt(var + eps).
   *
   * @param convolution the convolution
   * @param arrays the state dict's arrays, which hold every entry of the convolution
   * @return kernel and bias
   */
  public static FoldedConvolution of(Convolution convolution, Map<String, WeightArray> arrays) {
    if (!convolution.normalised()) {
      return new FoldedConvolution(
          convolution,
          arrays.get(convolution.weightKey()).toFloats(),
          arrays.get(convolution.biasKey()).toFloats());
    }
    double[] kernel = arrays.get(convolution.weightKey()).toDoubles();
    double[] scale = arrays.get(convolution.normKey("weight")).toDoubles();
    double[] shift = arrays.get(convolution.normKey("bias")).toDoubles();
    double[] mean = arrays.get(convolution.normKey("running_mean")).toDoubles();
    double[] variance = arrays.get(convolution.normKey("running_var")).toDoubles();
    float[] weight = new float[kernel.length];
    float[] bias = new float[scale.length];
    int perOutput = kernel.length / scale.length;
    for (int o = 0; o < scale.length; o++) {
      double factor = scale[o] / Math.sqrt(variance[o] + Convolution.NORM_EPSILON);
      bias[o] = (float) (shift[o] - mean[o] * factor);
      for (int i = o * perOutput; i < (o + 1) * perOutput; i++) {
        weight[i] = (float) (kernel[i] * factor);
      }
    }
    return new FoldedConvolution(convolution, weight, bias);
  }
}
