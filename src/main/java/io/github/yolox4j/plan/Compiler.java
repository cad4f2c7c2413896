package io.github.yolox4j.plan;

import io.github.yolox4j.ffi.dnnl.Attributes;
import io.github.yolox4j.ffi.dnnl.ConvolutionForward;
import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.MatrixProduct;
import io.github.yolox4j.ffi.dnnl.MaxPooling;
import io.github.yolox4j.ffi.dnnl.PostActivation;
import io.github.yolox4j.ffi.dnnl.Primitive;
import io.github.yolox4j.ffi.dnnl.Primitive.Argument;
import io.github.yolox4j.ffi.dnnl.Reorder;
import io.github.yolox4j.ffi.dnnl.Subtraction;
import io.github.yolox4j.ffi.dnnl.TensorLayout;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.Layer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns a plan's tasks into primitives. */
final class Compiler {

  /** Sums over at least so many channels are faster as a convolution, which blocks them. */
  private static final int WIDE = 256;

  private final Plan plan;
  private final Arena arena;

  Compiler(Plan plan) {
    this.plan = plan;
    this.arena = plan.arena();
  }

  /** Returns what to run for a task, in order. */
  List<Step> compile(Task task) {
    return switch (task) {
      case Task.Picture picture -> picture(picture);
      case Task.Convolve convolve -> List.of(convolve(convolve));
      case Task.Apply apply -> apply(apply);
      case Task.Copy copy -> List.of(copy(copy));
    };
  }

  // ---- pictures

  /** Bytes to numbers; where the network wants it, two pixels of two rows become one. */
  private List<Step> picture(Task.Picture task) {
    Region target = task.target();
    InputShape shape = plan.shape();
    long rows = shape.rows(1);
    long width = shape.width();
    long colours = plan.kernels().network().spec().inputChannels();
    TensorLayout from;
    TensorLayout to;
    if (task.focused()) {
      long[] lengths = {rows / 2, 2, width / 2, 2 * colours};
      long pair = 2 * colours;
      from =
          TensorLayout.strided(
              arena,
              plan.pictures(),
              lengths,
              new long[] {2 * width * colours, width * colours, pair, 1});
      to =
          TensorLayout.strided(
              arena, plan.type(), lengths, new long[] {2 * width * colours, pair, 2 * pair, 1});
    } else {
      from = TensorLayout.rowMajor(arena, plan.pictures(), rows, width * colours);
      to = TensorLayout.rowMajor(arena, plan.type(), rows, width * colours);
    }
    Step conversion =
        step(
            "picture",
            Primitive.compile(arena, new Reorder(from, to)),
            new Tensor(Argument.SOURCE, from, Workspace::pixels),
            tensor(Argument.TARGET, to, target));
    return task.standardised()
        ? List.of(conversion, withoutMean(target, colours))
        : List.of(conversion);
  }

  /** Subtracts the mean; the deviation is in the first convolution's weights. */
  private Step withoutMean(Region target, long colours) {
    int channels = target.channels();
    TensorLayout map =
        TensorLayout.rowMajor(
            arena, plan.type(), plan.shape().pixels(target.block().stride()), channels);
    TensorLayout means = TensorLayout.rowMajor(arena, ElementType.FLOAT, 1, channels);
    float[] values = new float[channels];
    for (int i = 0; i < channels; i++) {
      int colour = (int) (colours - 1 - i % colours);
      values[i] = (float) (InputScaling.FULL * InputScaling.MEAN.get(colour));
    }
    MemorySegment memory = plan.constant(values);
    return step(
        "mean",
        Primitive.compile(arena, new Subtraction(map, means, map)),
        tensor(Argument.SOURCE, map, target),
        new Tensor(Argument.SECOND_SOURCE, means, _ -> memory),
        tensor(Argument.TARGET, map, target));
  }

  // ---- convolutions

  private Step convolve(Task.Convolve task) {
    return switch (task.method()) {
      case WINOGRAD -> new WinogradStep(task, plan);
      case DIRECT -> convolution(task);
      case POINTWISE ->
          task.source().dense() && task.target().dense() && task.source().channels() >= WIDE
              ? convolution(task)
              : product(task);
    };
  }

  private Step convolution(Task.Convolve task) {
    Convolution first = task.first();
    KernelForm form = first.groups() == 1 ? KernelForm.DENSE : KernelForm.DEPTHWISE;
    TensorLayout source = map(task.source());
    TensorLayout target = map(task.target());
    TensorLayout bias = TensorLayout.rowMajor(arena, ElementType.FLOAT, task.target().channels());
    TensorLayout any =
        TensorLayout.chosenByReader(arena, plan.type(), form.dimensions(task.convolutions()));
    Primitive primitive =
        Primitive.compile(
            arena,
            new ConvolutionForward(
                source,
                any,
                bias,
                target,
                first.step(),
                first.padding(),
                new Attributes(false, activation(task), task.accumulates())));
    return weighted(task, form, primitive, source, bias, target);
  }

  private Step product(Task.Convolve task) {
    TensorLayout source = matrix(task.source());
    TensorLayout target = matrix(task.target());
    TensorLayout bias =
        TensorLayout.rowMajor(arena, ElementType.FLOAT, 1, task.target().channels());
    TensorLayout any =
        TensorLayout.chosenByReader(
            arena, plan.type(), KernelForm.MATRIX.dimensions(task.convolutions()));
    Primitive primitive =
        Primitive.compile(
            arena,
            new MatrixProduct(
                source,
                any,
                bias,
                target,
                new Attributes(false, activation(task), task.accumulates())));
    return weighted(task, KernelForm.MATRIX, primitive, source, bias, target);
  }

  private Step weighted(
      Task.Convolve task,
      KernelForm form,
      Primitive primitive,
      TensorLayout source,
      TensorLayout bias,
      TensorLayout target) {
    MemorySegment weights = plan.kernels().weights(task.convolutions(), form, primitive.weights());
    MemorySegment shifts = plan.kernels().bias(task.convolutions());
    return step(
        task.name(),
        primitive,
        tensor(Argument.SOURCE, source, task.source()),
        new Tensor(Argument.WEIGHTS, primitive.weights(), _ -> weights),
        new Tensor(Argument.BIAS, bias, _ -> shifts),
        tensor(Argument.TARGET, target, task.target()));
  }

  private static PostActivation activation(Task.Convolve task) {
    Optional<Activation> activation = task.first().activation();
    if (activation.isEmpty()) {
      return PostActivation.NONE;
    }
    return switch (activation.get()) {
      case SILU -> PostActivation.SWISH;
      case RELU -> PostActivation.RELU;
      case LRELU -> PostActivation.LEAKY_RELU;
    };
  }

  // ---- the rest

  private List<Step> apply(Task.Apply task) {
    return switch (task.layer()) {
      case Layer.MaxPool pool -> List.of(maxPool(pool, task));
      case Layer.Upsample _ -> upsample(task);
      case Layer.Concat _ -> throw new IllegalStateException("concatenations are placed");
    };
  }

  private Step maxPool(Layer.MaxPool layer, Task.Apply task) {
    TensorLayout source = map(task.source());
    TensorLayout target = map(task.target());
    return step(
        "max-pooling",
        Primitive.compile(arena, new MaxPooling(source, target, layer.kernel())),
        tensor(Argument.SOURCE, source, task.source()),
        tensor(Argument.TARGET, target, task.target()));
  }

  private Step copy(Task.Copy task) {
    TensorLayout source = matrix(task.source());
    TensorLayout target = matrix(task.target());
    return step(
        "copy",
        Primitive.compile(arena, new Reorder(source, target)),
        tensor(Argument.SOURCE, source, task.source()),
        tensor(Argument.TARGET, target, task.target()));
  }

  /** Four copies: every pixel to each of the four that it becomes. */
  private List<Step> upsample(Task.Apply task) {
    Region from = task.source();
    Region to = task.target();
    int stride = from.block().stride();
    long rows = plan.shape().rows(stride);
    long width = plan.shape().width() / stride;
    long[] lengths = {rows, width, from.channels()};
    long pixel = from.block().channels();
    TensorLayout source =
        TensorLayout.strided(arena, plan.type(), lengths, new long[] {width * pixel, pixel, 1});
    long wide = to.block().channels();
    TensorLayout target =
        TensorLayout.strided(
            arena, plan.type(), lengths, new long[] {4 * width * wide, 2 * wide, 1});
    Primitive copy = Primitive.compile(arena, new Reorder(source, target));
    List<Step> corners = new ArrayList<>();
    for (long corner : new long[] {0, wide, 2 * width * wide, (2 * width + 1) * wide}) {
      corners.add(
          step(
              "upsampling",
              copy,
              tensor(Argument.SOURCE, source, from),
              new Tensor(
                  Argument.TARGET,
                  target,
                  workspace -> plan.at(workspace, to, corner * plan.type().bytes()))));
    }
    return corners;
  }

  // ---- tensors

  private Tensor tensor(Argument argument, TensorLayout layout, Region region) {
    return new Tensor(argument, layout, workspace -> plan.at(workspace, region, 0));
  }

  private Step step(String name, Primitive primitive, Tensor... tensors) {
    return new PrimitiveStep(plan.optimised(primitive, name), List.of(tensors));
  }

  /** A dense map as [batch, channels, height, width] with the channels last in memory. */
  private TensorLayout map(Region region) {
    if (!region.dense()) {
      throw new IllegalStateException(region + " is not dense");
    }
    int stride = region.block().stride();
    long height = plan.shape().height() / stride;
    long width = plan.shape().width() / stride;
    long channels = region.channels();
    return TensorLayout.strided(
        arena,
        plan.type(region.block()),
        new long[] {plan.shape().batch(), channels, height, width},
        new long[] {height * width * channels, 1, width * channels, channels});
  }

  /** A map as [pixels, channels]. */
  private TensorLayout matrix(Region region) {
    return TensorLayout.strided(
        arena,
        plan.type(region.block()),
        new long[] {plan.shape().pixels(region.block().stride()), region.channels()},
        new long[] {region.block().channels(), 1});
  }
}
