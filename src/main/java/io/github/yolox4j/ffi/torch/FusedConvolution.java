package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;

/**
 * A two-dimensional convolution, its bias and its activation in one step, on the CPU and outside of
 * autograd, with the kernel laid out as oneDNN wants it. Owns kernel and bias; {@link #run} is safe
 * for many threads at once, none of which may be running when this is closed.
 */
public final class FusedConvolution implements AutoCloseable {

  private static final Operator REORDER =
      Operator.of(
          "mkldnn::_reorder_convolution_weight(Tensor self, int[2] padding=0, int[2] stride=1,"
              + " int[2] dilation=1, int groups=1, int[]? input_size=None) -> Tensor");

  private final TensorHandle weight;
  private final TensorHandle bias;
  private final ConvolutionArguments arguments;

  /**
   * Lays the kernel out.
   *
   * @param weight [outputs, inputs / groups, rows, columns], float32 or bfloat16; stays the
   *     caller's
   * @param bias [outputs], of the same type; stays the caller's, but its elements are shared
   * @param padding pixels added on each side
   * @param stride the step in both directions
   * @param groups 1, or the number of channels for a depthwise convolution
   * @param activation what is done with each output
   * @throws YoloxException if libtorch refuses the kernel
   */
  public FusedConvolution(
      TensorHandle weight,
      TensorHandle bias,
      int padding,
      int stride,
      int groups,
      PointwiseActivation activation) {
    this.bias = bias.share();
    try {
      this.weight =
          REORDER.tensor(
              weight,
              Value.ints(padding, padding),
              Value.ints(stride, stride),
              Value.ints(1, 1),
              Value.of(groups),
              Value.none());
    } catch (RuntimeException e) {
      this.bias.close();
      throw e;
    }
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
    Scratch scratch = Scratch.ofThread();
    try {
      if (StableAbi.convolution(input.address(), weight.address(), arguments, scratch.result())
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

  /** The kernel as oneDNN wants it, for measuring a call without this class. */
  TensorHandle packedWeight() {
    return weight;
  }

  /** Frees kernel and bias. */
  @Override
  public void close() {
    weight.close();
    bias.close();
  }
}
