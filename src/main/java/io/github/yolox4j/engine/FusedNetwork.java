package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.FusedConvolution;
import io.github.yolox4j.ffi.torch.PointwiseActivation;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.nn.LayerOperators;
import io.github.yolox4j.weights.FoldedConvolution;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * A network's layers as libtorch's operators. Owns the convolutions, which all threads that run it
 * share.
 */
final class FusedNetwork implements AutoCloseable {

  private final Network network;
  private final List<List<Integer>> lastReads;
  private final List<LayerOperators.Call> calls = new ArrayList<>();
  private final List<Runnable> releases = new ArrayList<>();

  /**
   * Prepares a network.
   *
   * @param source its layers and weights
   * @param type what it computes in
   */
  FusedNetwork(FoldedNetwork source, DType type) {
    network = source.network();
    lastReads = network.lastReads();
    boolean standardised = network.standardised();
    try {
      for (Layer layer : network.layers()) {
        calls.add(
            switch (layer) {
              case Layer.Input _ -> {
                DType read = standardised ? DType.FLOAT32 : type;
                yield x -> Conversion.to(x.getFirst(), read);
              }
              case Layer.Standardise _ -> {
                Standardisation scaling = new Standardisation();
                releases.add(scaling::close);
                yield x -> scaling.apply(x.getFirst(), type);
              }
              case Layer.SpaceToDepth _ -> x -> x.getFirst().share(); // the stem does it itself
              case Layer.Conv conv -> {
                FusedConvolution fused = prepare(source, conv, type);
                releases.add(fused::close);
                yield x -> fused.run(x.getFirst());
              }
              case Layer.Add _ -> x -> x.get(0).add(x.get(1), 1);
              case Layer.Operator operator -> LayerOperators.call(operator);
            });
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private FusedConvolution prepare(FoldedNetwork source, Layer.Conv layer, DType type) {
    FoldedConvolution folded = source.of(layer.convolution());
    if (network.layers().get(layer.input()) instanceof Layer.SpaceToDepth) {
      folded = FocusKernel.join(folded);
    }
    Convolution convolution = folded.convolution();
    long outputs = convolution.outputChannels();
    long perGroup = convolution.inputChannels() / convolution.groups();
    long side = convolution.kernel();
    try (Arena arena = Arena.ofConfined();
        TensorHandle weight =
            TensorHandle.of(arena, folded.weight(), outputs, perGroup, side, side);
        TensorHandle bias = TensorHandle.of(arena, folded.bias(), outputs);
        TensorHandle converted = Conversion.to(weight, type);
        TensorHandle shift = Conversion.to(bias, type)) {
      return new FusedConvolution(
          converted,
          shift,
          convolution.padding(),
          convolution.step(),
          convolution.groups(),
          activation(convolution));
    }
  }

  private static PointwiseActivation activation(Convolution convolution) {
    if (convolution.activation().isEmpty()) {
      return new PointwiseActivation.None();
    }
    return switch (convolution.activation().get()) {
      case SILU -> new PointwiseActivation.Swish();
      case RELU -> new PointwiseActivation.Relu();
      case LRELU -> new PointwiseActivation.LeakyRelu(Activation.LEAKY_SLOPE);
    };
  }

  /**
   * Runs the layers.
   *
   * @param pictures [B, C, H, W], channels last, of any type; stay the caller's
   * @return every layer's result; only the {@link Network#outputs} are open, and the caller's
   */
  TensorHandle[] run(TensorHandle pictures) {
    TensorHandle[] results = new TensorHandle[calls.size()];
    try {
      for (int i = 0; i < results.length; i++) {
        List<Integer> inputs = network.layers().get(i).inputs();
        results[i] =
            calls
                .get(i)
                .on(
                    inputs.isEmpty()
                        ? List.of(pictures)
                        : inputs.stream().map(input -> results[input]).toList());
        lastReads.get(i).forEach(read -> results[read].close());
      }
      return results;
    } catch (RuntimeException | Error e) {
      for (TensorHandle result : results) {
        if (result != null) {
          result.close();
        }
      }
      throw e;
    }
  }

  @Override
  public void close() {
    releases.forEach(Runnable::run);
  }
}
