package io.github.yolox4j.ffi.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What is the same in every call of a fused convolution, in native memory.
 *
 * @param bias the address of the bias's handle
 * @param padding two lengths
 * @param stride two lengths
 * @param dilation two lengths
 * @param groups the number of groups
 * @param activation its name
 * @param scalars an array of pointers to the activation's parameters
 * @param scalarCount how many these are
 */
record ConvolutionArguments(
    MemorySegment bias,
    MemorySegment padding,
    MemorySegment stride,
    MemorySegment dilation,
    long groups,
    MemorySegment activation,
    MemorySegment scalars,
    long scalarCount) {

  static ConvolutionArguments of(
      TensorHandle bias, int padding, int stride, int groups, PointwiseActivation activation) {
    Arena arena = Arena.ofAuto();
    String name =
        switch (activation) {
          case PointwiseActivation.None() -> "none";
          case PointwiseActivation.Swish() -> "swish";
          case PointwiseActivation.Relu() -> "relu";
          case PointwiseActivation.LeakyRelu(double _) -> "leaky_relu";
        };
    MemorySegment scalars = MemorySegment.NULL;
    if (activation instanceof PointwiseActivation.LeakyRelu(double slope)) {
      // one block, because a segment keeps only itself from being collected, not what it points to
      scalars = arena.allocate(ValueLayout.JAVA_LONG, 2);
      scalars.set(ValueLayout.ADDRESS, 0, scalars.asSlice(Long.BYTES));
      scalars.set(ValueLayout.JAVA_DOUBLE, Long.BYTES, slope);
    }
    return new ConvolutionArguments(
        arena.allocateFrom(ValueLayout.JAVA_LONG, bias.address()),
        pair(arena, padding),
        pair(arena, stride),
        pair(arena, 1),
        groups,
        arena.allocateFrom(name),
        scalars,
        scalars.byteSize() == 0 ? 0 : 1);
  }

  private static MemorySegment pair(Arena arena, long length) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, length, length);
  }
}
