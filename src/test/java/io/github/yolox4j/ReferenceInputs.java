package io.github.yolox4j;

import io.github.yolox4j.data.Labels;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.model.StateEntry;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.WeightType;
import io.github.yolox4j.weights.Weights;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The closed forms from which the inputs and weights of the reference's figures were made. */
public final class ReferenceInputs {

  private ReferenceInputs() {}

  /** The j-th number of a sequence, uniform in [0, 1). */
  private static double uniform(long seed, long j) {
    long z = ((seed << 32) + j) * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1p-53;
  }

  /**
   * Makes the values of a row-major tensor, uniform in [low, high), rounded to floats.
   *
   * @param seed which sequence
   * @param elements how many
   * @param low the least value
   * @param high what all values are below, but for rounding
   * @return the values
   */
  public static float[] values(long seed, long elements, double low, double high) {
    float[] values = new float[Math.toIntExact(elements)];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) (low + (high - low) * uniform(seed, j));
    }
    return values;
  }

  /**
   * Sets every floating tensor of a module by its position in the state dict.
   *
   * @param network a module of 32-bit tensors on the CPU
   */
  public static void fill(io.github.yolox4j.nn.YoloX network) {
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      int position = 0;
      for (Map.Entry<String, Tensor> entry : network.stateDict().entrySet()) {
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

  /**
   * Makes a model's state dict, filled by position, with the running statistics that a file of
   * figures has.
   *
   * @param spec the model
   * @param figures the file
   * @return the arrays by their keys, in the official order
   */
  public static Map<String, WeightArray> stateDict(ModelSpec spec, Weights figures) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (StateEntry entry : Network.of(spec).stateDict()) {
      long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
      WeightArray array = figures.arrays().get(entry.key());
      if (array == null) {
        array =
            entry.role() == StateEntry.Role.COUNTER
                ? WeightArray.of(WeightType.INT64, MemorySegment.ofArray(new long[1]), shape)
                : WeightArray.of(fillValues(arrays.size(), entry.key(), shape), shape);
      }
      arrays.put(entry.key(), array);
    }
    return arrays;
  }

  /**
   * Makes labels for a batch of pictures.
   *
   * @param seed which sequence the first picture has; the others have the next ones
   * @param height of a picture
   * @param width of a picture
   * @param counts the objects of each picture
   * @param classes how many classes there are
   * @return the labels, rounded to floats
   */
  public static Labels labels(long seed, int height, int width, int[] counts, int classes) {
    List<Labels> labels = new ArrayList<>();
    for (int b = 0; b < counts.length; b++) {
      int[] ids = new int[counts[b]];
      double[] boxes = new double[4 * counts[b]];
      for (int i = 0; i < counts[b]; i++) {
        double w = 4 + uniform(seed + b, i * 5L + 2) * 0.7 * width;
        double h = 4 + uniform(seed + b, i * 5L + 3) * 0.7 * height;
        ids[i] = (int) (uniform(seed + b, i * 5L + 4) * classes);
        boxes[4 * i] = (float) (w / 2 + uniform(seed + b, i * 5L) * (width - w));
        boxes[4 * i + 1] = (float) (h / 2 + uniform(seed + b, i * 5L + 1) * (height - h));
        boxes[4 * i + 2] = (float) w;
        boxes[4 * i + 3] = (float) h;
      }
      labels.add(Labels.of("picture " + b, ids, boxes));
    }
    return Labels.of(labels);
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
