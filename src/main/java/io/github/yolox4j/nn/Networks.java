package io.github.yolox4j.nn;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.FoldedConvolution;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.WeightType;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Moves weights between files and networks. */
public final class Networks {

  private Networks() {}

  /**
   * Sets every tensor of a network that a file has in the same shape; the others stay as they are,
   * as fine-tuning on other classes needs it.
   *
   * @param network a network that is not folded
   * @param weights the file's tensors, of any type
   * @return what was set and what was not
   */
  public static WeightsMatch load(YoloX network, Weights weights) {
    WeightsMatch match = WeightsMatch.of(network.spec(), weights);
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      Map<String, Tensor> state = network.stateDict();
      for (String key : match.matched()) {
        copy(weights.arrays().get(key), state.get(key));
      }
    }
    return match;
  }

  /**
   * Makes a network for inference from one in training.
   *
   * @param network a network that is not folded; not changed
   * @param scaling what its weights were trained with
   * @return a folded copy in evaluation mode, owned by the caller
   */
  public static YoloX folded(YoloX network, InputScaling scaling) {
    try (var _ = new Scope()) {
      return folded(FoldedNetwork.of(network.spec(), arrays(network)).withScaling(scaling));
    }
  }

  /**
   * Copies a network's tensors to Java memory, as files are written from.
   *
   * @param network a network that is not folded
   * @return every tensor of the state dict in the official order
   */
  public static Map<String, WeightArray> arrays(YoloX network) {
    try (var _ = new Scope()) {
      return arrays(network.stateDict());
    }
  }

  /**
   * Copies tensors to Java memory.
   *
   * @param tensors on any device
   * @return their values by the same keys, in the same order
   */
  public static Map<String, WeightArray> arrays(Map<String, Tensor> tensors) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    tensors.forEach((key, tensor) -> arrays.put(key, array(tensor)));
    return arrays;
  }

  /**
   * Sets tensors.
   *
   * @param arrays their values
   * @param tensors the tensors, on any device
   * @param source where the values are from, for messages
   * @throws YoloxException if one has no value or a value of another shape
   */
  public static void set(
      Map<String, WeightArray> arrays, Map<String, Tensor> tensors, String source) {
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      tensors.forEach(
          (key, tensor) -> {
            WeightArray array = arrays.get(key);
            if (array == null || !Arrays.equals(array.shape(), tensor.shape())) {
              throw new YoloxException(
                  "%s: '%s' is %s; expected the shape %s"
                      .formatted(
                          source,
                          key,
                          array == null ? "missing" : Arrays.toString(array.shape()),
                          Arrays.toString(tensor.shape())));
            }
            copy(array, tensor);
          });
    }
  }

  /**
   * Lays the kernels out in memory as the fastest convolutions read them.
   *
   * @param network the network, changed in place
   */
  public static void toChannelsLast(YoloX network) {
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      for (Tensor tensor : network.stateDict().values()) {
        if (tensor.dim() == 4) {
          tensor.set_data(tensor.contiguous(MemoryFormat.ChannelsLast));
        }
      }
    }
  }

  /**
   * Makes a network for inference.
   *
   * @param source its weights
   * @return the network in evaluation mode, owned by the caller
   */
  public static YoloX folded(FoldedNetwork source) {
    LibTorch.load(); // before the modules' classes do so, which would not ask for another libtorch
    YoloX network = YoloX.createFolded(source.network());
    try (var _ = new Scope();
        NoGradGuard _ = new NoGradGuard()) {
      Map<String, Tensor> state = network.stateDict();
      for (Convolution convolution : source.network().convolutions()) {
        FoldedConvolution values = source.of(convolution);
        String prefix = convolution.normalised() ? convolution.key() + ".conv" : convolution.key();
        copy(values.weight(), state.get(prefix + ".weight"));
        copy(values.bias(), state.get(prefix + ".bias"));
      }
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private static void copy(float[] values, Tensor target) {
    MemorySegment.copy(
        MemorySegment.ofArray(values), 0, Tensors.bytes(target), 0, 4L * values.length);
  }

  /** Copies in libtorch, which converts between types and follows strides. */
  private static void copy(WeightArray array, Tensor target) {
    ScalarType type = scalarType(array.dtype());
    if (array.storage().isNative()) {
      try (Tensor view = Tensors.view(array.data(), type, array.shape(), array.strides())) {
        target.copy_(view);
      }
    } else {
      MemorySegment data = array.contiguousCopy().data();
      try (Tensor staged = Tensors.empty(type, array.shape())) {
        Tensors.bytes(staged).copyFrom(data);
        target.copy_(staged);
      }
    }
  }

  private static WeightArray array(Tensor tensor) {
    try (Tensor detached = tensor.detach();
        Tensor cpu = detached.cpu();
        Tensor contiguous = cpu.contiguous()) {
      MemorySegment copy = Arena.ofAuto().allocate(contiguous.nbytes(), Long.BYTES);
      copy.copyFrom(Tensors.bytes(contiguous));
      return WeightArray.of(dtype(Tensors.type(contiguous)), copy, contiguous.shape());
    }
  }

  private static WeightType dtype(ScalarType type) {
    for (WeightType dtype : WeightType.values()) {
      if (scalarType(dtype) == type) {
        return dtype;
      }
    }
    throw new IllegalArgumentException("tensors of type " + type + " are not part of a network");
  }

  private static ScalarType scalarType(WeightType dtype) {
    return switch (dtype) {
      case FLOAT64 -> ScalarType.Double;
      case FLOAT32 -> ScalarType.Float;
      case FLOAT16 -> ScalarType.Half;
      case BFLOAT16 -> ScalarType.BFloat16;
      case INT64 -> ScalarType.Long;
      case INT32 -> ScalarType.Int;
      case INT16 -> ScalarType.Short;
      case INT8 -> ScalarType.Char;
      case UINT8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }
}
