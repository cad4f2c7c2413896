package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.FusedConvolution;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.PointwiseActivation;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.Layer;
import io.github.yolox4j.model.Network;
import io.github.yolox4j.weights.FoldedConvolution;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network's layers as libtorch's operators. Owns the convolutions, which all threads that run it
 * share.
 */
final class FusedNetwork implements AutoCloseable {

  private static final Operator MAX_POOL =
      Operator.of(
          "aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0,"
              + " int[2] dilation=1, bool ceil_mode=False) -> Tensor");
  private static final Operator UPSAMPLE =
      Operator.of(
          "aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size,"
              + " float[]? scale_factors) -> Tensor");
  private static final Operator CONCATENATE =
      Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");

  private static final Value ONES = Value.ints(1, 1);
  private static final Value TWICE = Value.some(Value.floats(2, 2));

  /** Computes a layer's result, owned by the caller, from its inputs. */
  private interface Operation {
    TensorHandle apply(List<TensorHandle> inputs);
  }

  /**
   * A layer's turn.
   *
   * @param inputs the layers that are read
   * @param operation what is computed
   * @param output the layer that it is
   * @param done the layers that nobody reads any more afterwards
   */
  private record Step(List<Integer> inputs, Operation operation, int output, List<Integer> done) {}

  private final List<Step> steps = new ArrayList<>();
  private final List<FusedConvolution> convolutions = new ArrayList<>();
  private final List<Integer> outputs;
  private final int layers;

  /**
   * Prepares a network.
   *
   * @param source its layers and weights
   * @param type what it computes in
   */
  FusedNetwork(FoldedNetwork source, DType type) {
    Network network = source.network();
    layers = network.layers().size();
    outputs =
        network.levels().stream()
            .flatMap(level -> List.of(level.boxes(), level.objectness(), level.classes()).stream())
            .toList();
    try {
      for (int i = 0; i < layers; i++) {
        add(source, i, type);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    freeAfterTheLastReader();
  }

  private void add(FoldedNetwork source, int index, DType type) {
    List<Layer> all = source.network().layers();
    Layer layer = all.get(index);
    switch (layer) {
      case Layer.Input _, Layer.SpaceToDepth _ -> {
        // the picture is there, and the stem reads it itself
      }
      case Layer.Conv(Convolution convolution, int input, int _) -> {
        FoldedConvolution folded = source.of(convolution);
        int read = input;
        if (all.get(input) instanceof Layer.SpaceToDepth(int picture, int _)) {
          folded = FocusKernel.join(folded);
          read = picture;
        }
        FusedConvolution fused = prepare(folded, type);
        convolutions.add(fused);
        step(List.of(read), inputs -> fused.run(inputs.getFirst()), index);
      }
      case Layer.MaxPool pool -> {
        Value kernel = Value.ints(pool.kernel(), pool.kernel());
        Value padding = Value.ints(pool.kernel() / 2, pool.kernel() / 2);
        step(
            pool.inputs(),
            inputs ->
                MAX_POOL.tensor(inputs.getFirst(), kernel, ONES, padding, ONES, Value.of(false)),
            index);
      }
      case Layer.Upsample upsample ->
          step(
              upsample.inputs(),
              inputs -> UPSAMPLE.tensor(inputs.getFirst(), Value.none(), TWICE),
              index);
      case Layer.Concat concat ->
          step(
              concat.inputs(),
              inputs -> CONCATENATE.tensor(Value.list(inputs), Value.of(1)),
              index);
      case Layer.Add sum ->
          step(sum.inputs(), inputs -> inputs.get(0).add(inputs.get(1), 1), index);
    }
  }

  private void step(List<Integer> inputs, Operation operation, int output) {
    steps.add(new Step(inputs, operation, output, List.of()));
  }

  private static FusedConvolution prepare(FoldedConvolution folded, DType type) {
    Convolution convolution = folded.convolution();
    long outputs = convolution.outputChannels();
    long perGroup = convolution.inputChannels() / convolution.groups();
    long side = convolution.kernel();
    try (Arena arena = Arena.ofConfined();
        TensorHandle weight = copy(arena, folded.weight(), type, outputs, perGroup, side, side);
        TensorHandle bias = copy(arena, folded.bias(), type, outputs)) {
      return new FusedConvolution(
          weight,
          bias,
          (convolution.kernel() - 1) / 2,
          convolution.step(),
          convolution.groups(),
          activation(convolution));
    }
  }

  private static TensorHandle copy(Arena arena, float[] values, DType type, long... shape) {
    MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    try (TensorHandle view = TensorHandle.view(data, DType.FLOAT32, shape, strides)) {
      return Conversion.to(view, type);
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

  /** The picture is its owner's, and the outputs are the caller's. */
  private void freeAfterTheLastReader() {
    Set<Integer> read = outputs.stream().collect(Collectors.toSet());
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      List<Integer> done =
          step.inputs().stream().distinct().filter(read::add).filter(this::computed).toList();
      steps.set(i, new Step(step.inputs(), step.operation(), step.output(), done));
    }
  }

  private boolean computed(int layer) {
    return steps.stream().anyMatch(step -> step.output() == layer);
  }

  /**
   * Runs the layers.
   *
   * @param picture [B, C, H, W], channels last; stays the caller's
   * @return of each level the boxes, objectness and classes, [B, channels, rows, columns], owned by
   *     the caller
   */
  List<TensorHandle> run(TensorHandle picture) {
    TensorHandle[] results = new TensorHandle[layers];
    try {
      for (Step step : steps) {
        List<TensorHandle> inputs = new ArrayList<>(step.inputs().size());
        for (int input : step.inputs()) {
          inputs.add(results[input] == null ? picture : results[input]);
        }
        results[step.output()] = step.operation().apply(inputs);
        for (int done : step.done()) {
          results[done].close();
        }
      }
      List<TensorHandle> returned = new ArrayList<>();
      for (int output : outputs) {
        returned.add(results[output]);
      }
      return returned;
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
    convolutions.forEach(FusedConvolution::close);
  }
}
