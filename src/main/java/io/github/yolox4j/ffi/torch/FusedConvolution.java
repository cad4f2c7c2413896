package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * A two-dimensional convolution, its bias and its activation in one step, on the CPU and outside of
 * autograd. The kernel is laid out as oneDNN wants it for the first input: for others, or another
 * number of threads, it may want it otherwise, and turning one such layout into another takes it up
 * to ten times as long as the convolution, so these take the kernel as it was given. Owns kernel
 * and bias; {@link #run} is safe for many threads at once, none of which may be running when this
 * is closed.
 */
public final class FusedConvolution implements AutoCloseable {

  /** A kernel laid out for one shape of inputs. */
  @SuppressWarnings("ArrayRecordComponent") // compared as an array
  private record Packed(long[] shape, int threads, TensorHandle weight) {}

  private static final Operator REORDER =
      Operator.of(
          "mkldnn::_reorder_convolution_weight(Tensor self, int[2] padding=0, int[2] stride=1,"
              + " int[2] dilation=1, int groups=1, int[]? input_size=None) -> Tensor");

  private final TensorHandle weight;
  private final TensorHandle bias;
  private final int padding;
  private final int stride;
  private final int groups;
  private final ConvolutionArguments arguments;
  private volatile Packed packed;

  /**
   * Prepares a convolution.
   *
   * @param weight [outputs, inputs / groups, rows, columns], float32 or bfloat16; stays the
   *     caller's, but its elements are shared
   * @param bias [outputs], of the same type; stays the caller's, but its elements are shared
   * @param padding pixels added on each side
   * @param stride the step in both directions
   * @param groups 1, or the number of channels for a depthwise convolution
   * @param activation what is done with each output
   */
  public FusedConvolution(
      TensorHandle weight,
      TensorHandle bias,
      int padding,
      int stride,
      int groups,
      PointwiseActivation activation) {
    this.weight = weight.share();
    this.bias = bias.share();
    this.padding = padding;
    this.stride = stride;
    this.groups = groups;
    arguments = ConvolutionArguments.of(this.bias, padding, stride, groups, activation);
  }

  /**
   * Tells whether this processor can convolve in a type: bfloat16 needs AVX-512 on x86-64.
   *
   * @param type the type of inputs and kernel
   * @return whether {@link #run} works
   */
  public static boolean supports(DType type) {
    long[] one = {1, 1, 1, 1};
    try (Arena arena = Arena.ofConfined();
        TensorHandle pixel = TensorHandle.view(arena.allocate(Long.BYTES), type, one, one);
        TensorHandle bias =
            TensorHandle.view(arena.allocate(Long.BYTES), type, new long[] {1}, new long[] {1});
        FusedConvolution convolution =
            new FusedConvolution(pixel, bias, 0, 1, 1, new PointwiseActivation.None());
        TensorHandle _ = convolution.run(pixel)) {
      return true;
    } catch (YoloxException e) {
      return false; // libtorch has no other way of saying so
    }
  }

  /**
   * Convolves.
   *
   * @param input [batch, channels, height, width] of the kernel's type, fastest with channels last
   * @return [batch, outputs, rows, columns], channels last if the input is; owned by the caller
   * @throws IllegalStateException if this or the input is closed
   * @throws YoloxException if libtorch fails, for example because the processor lacks what bfloat16
   *     needs
   */
  public TensorHandle run(TensorHandle input) {
    TensorHandle kernel = kernel(input.shape());
    Scratch scratch = Scratch.ofThread();
    try {
      if (StableAbi.convolution(input.address(), kernel.address(), arguments, scratch.result())
          != 0) {
        throw new YoloxException(
            "libtorch's fused convolution failed on an input %s, kernel %s"
                .formatted(input, weight));
      }
      return TensorHandle.own(scratch.resultLong());
    } finally {
      Reference.reachabilityFence(input);
    }
  }

  private TensorHandle kernel(long[] input) {
    Packed ready = packed == null ? pack(input) : packed;
    return ready.threads() == StableAbi.threads() && Arrays.equals(ready.shape(), input)
        ? ready.weight()
        : weight;
  }

  private synchronized Packed pack(long[] input) {
    if (packed == null) {
      TensorHandle reordered =
          REORDER.tensor(
              weight,
              Value.ints(padding, padding),
              Value.ints(stride, stride),
              Value.ints(1, 1),
              Value.of(groups),
              Value.some(Value.ints(input)));
      packed = new Packed(input, StableAbi.threads(), reordered);
    }
    return packed;
  }

  /** Frees kernel and bias. */
  @Override
  public void close() {
    weight.close();
    bias.close();
    if (packed != null) {
      packed.weight().close();
    }
  }
}
