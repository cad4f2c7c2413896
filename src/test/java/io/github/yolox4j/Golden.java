package io.github.yolox4j;

import io.github.yolox4j.nn.StateDict;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The closed forms from which the reference figures' inputs and weights were made. */
public final class Golden {

  private Golden() {}

  /** The j-th number of a sequence, uniform in [0, 1). */
  static double uniform(long seed, long j) {
    long z = ((seed << 32) + j) * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1p-53;
  }

  /** A row-major tensor's values, uniform in [low, high), rounded to floats. */
  public static float[] values(long seed, long elements, double low, double high) {
    float[] values = new float[Math.toIntExact(elements)];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) (low + (high - low) * uniform(seed, j));
    }
    return values;
  }

  /** Sets every floating tensor of a network by its position in the state dict. */
  public static void fill(YoloX network) {
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      int position = 0;
      for (Map.Entry<String, Tensor> entry : StateDict.of(network).entrySet()) {
        Tensor tensor = entry.getValue();
        if (Tensors.type(tensor) == ScalarType.Float) {
          float[] values = fillValues(position, entry.getKey(), tensor.shape());
          MemorySegment.copy(
              MemorySegment.ofArray(values), 0, Tensors.bytes(tensor), 0, 4L * values.length);
        }
        position++;
      }
    }
  }

  private static float[] fillValues(int position, String key, long[] shape) {
    long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (shape.length == 4) {
      double bound = Math.sqrt(6.0 / (shape[1] * shape[2] * shape[3]));
      return values(position, elements, -bound, bound);
    }
    boolean scale = key.endsWith("running_var") || (key.endsWith("weight") && shape.length == 1);
    return scale ? values(position, elements, 0.5, 1.5) : values(position, elements, -0.1, 0.1);
  }
}
