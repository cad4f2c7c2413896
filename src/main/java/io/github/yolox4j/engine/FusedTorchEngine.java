package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.FusedConvolution;
import io.github.yolox4j.ffi.torch.MemoryFormat;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.TorchLibrary;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import io.github.yolox4j.weights.WeightsMatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a network on the CPU as convolutions with their activations fused in, channels last, through
 * libtorch's C functions alone: it works without JavaCPP on a libtorch that {@link
 * TorchLibrary#FOLDER_PROPERTY} names.
 */
public final class FusedTorchEngine implements Engine {

  private static final Operator CONTIGUOUS =
      Operator.of(
          "aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format)"
              + " -> Tensor(a)");

  private final ModelSpec spec;
  private final DType precision;
  private final InputScaling scaling;
  private final FusedNetwork network;
  private final LegacyScaling legacy;
  private volatile boolean closed;

  /**
   * Prepares a network.
   *
   * @param spec the model
   * @param weights all of its tensors; may be closed afterwards
   * @param precision what it computes in, float32 or bfloat16
   * @param scaling what becomes of the pictures' bytes
   * @throws YoloxException if the weights do not fit the model, or the processor cannot compute in
   *     that precision
   */
  public FusedTorchEngine(ModelSpec spec, Weights weights, DType precision, InputScaling scaling) {
    this(spec, complete(spec, weights), precision, scaling);
  }

  /** Prepares a network from a complete state dict. */
  FusedTorchEngine(
      ModelSpec spec, Map<String, WeightArray> arrays, DType precision, InputScaling scaling) {
    this.spec = spec;
    this.precision = precision;
    this.scaling = scaling;
    if (!TorchLibrary.foreign()) {
      LibTorch.load(); // also sets its threads
    }
    if (!FusedConvolution.supports(precision)) {
      throw new YoloxException(
          "libtorch has no fused convolutions in %s for this processor".formatted(precision));
    }
    network = new FusedNetwork(Network.of(spec), arrays, precision);
    legacy = new LegacyScaling();
  }

  private static Map<String, WeightArray> complete(ModelSpec spec, Weights weights) {
    WeightsMatch.of(spec, weights).requireComplete();
    return weights.arrays();
  }

  @Override
  public ModelSpec spec() {
    return spec;
  }

  @Override
  public Predictions run(MemorySegment pixels, int batch, int height, int width) {
    return run(pixels, DType.UINT8, batch, height, width);
  }

  /** Runs the network on pictures of bytes or floats. */
  Predictions run(MemorySegment pixels, DType type, int batch, int height, int width) {
    if (closed) {
      throw new IllegalStateException("the detector is closed");
    }
    int channels = spec.inputChannels();
    long row = (long) width * channels;
    try (TensorHandle view =
            TensorHandle.view(
                pixels,
                type,
                new long[] {batch, channels, height, width},
                new long[] {height * row, 1, row, channels});
        TensorHandle picture = picture(view)) {
      return predictions(network.run(picture));
    } catch (YoloxException e) {
      throw new YoloxException(
          "The network failed on %d pictures of %dx%d in %s: %s"
              .formatted(batch, width, height, precision, e.getMessage()),
          e);
    }
  }

  private TensorHandle picture(TensorHandle view) {
    if (scaling == InputScaling.NONE) {
      return Conversion.to(view, precision);
    }
    try (TensorHandle floats = Conversion.to(view, DType.FLOAT32);
        TensorHandle scaled = legacy.apply(floats)) {
      return Conversion.to(scaled, precision);
    }
  }

  /** Takes over the maps. */
  private Predictions predictions(List<TensorHandle> maps) {
    List<TensorHandle> readable = new ArrayList<>();
    try {
      for (TensorHandle map : maps) {
        readable.add(readable(map));
      }
      List<LevelMap> levels = new ArrayList<>();
      for (int i = 0; i < Network.STRIDES.size(); i++) {
        levels.add(level(Network.STRIDES.get(i), readable.subList(3 * i, 3 * i + 3)));
      }
      return new OwnedPredictions(List.copyOf(levels), readable);
    } catch (RuntimeException | Error e) {
      readable.forEach(TensorHandle::close);
      throw e;
    } finally {
      maps.forEach(TensorHandle::close);
    }
  }

  /** The same map in floats, [picture, row, column, channel] in memory. */
  private static TensorHandle readable(TensorHandle map) {
    if (map.dtype() == DType.FLOAT32) {
      return CONTIGUOUS.tensor(map, MemoryFormat.CHANNELS_LAST);
    }
    try (TensorHandle floats = Conversion.to(map, DType.FLOAT32)) {
      return CONTIGUOUS.tensor(floats, MemoryFormat.CHANNELS_LAST);
    }
  }

  private static LevelMap level(int stride, List<TensorHandle> maps) {
    long[] shape = maps.getFirst().shape();
    return new LevelMap(
        stride,
        (int) shape[2],
        (int) shape[3],
        maps.get(0).data(),
        maps.get(1).data(),
        maps.get(2).data());
  }

  @Override
  public void close() {
    closed = true;
    network.close();
    legacy.close();
  }

  private record OwnedPredictions(List<LevelMap> levels, List<TensorHandle> maps)
      implements Predictions {
    @Override
    public void close() {
      maps.forEach(TensorHandle::close);
    }
  }
}
