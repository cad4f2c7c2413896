package io.github.yolox4j.plan;

import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.TensorLayout;
import io.github.yolox4j.model.Convolution;
import java.lang.foreign.Arena;
import java.util.List;

/** What a primitive takes the weights of a convolution for. */
enum KernelForm {
  /** [outputs, inputs, kernel, kernel]. */
  DENSE,
  /** [groups, 1, 1, kernel, kernel]. */
  DEPTHWISE,
  /** [inputs, outputs], of 1x1 kernels. */
  MATRIX,
  /** [36, inputs, outputs]: the transformed kernels of Winograd's method. */
  WINOGRAD;

  /** The lengths of the weights' dimensions. */
  long[] dimensions(List<Convolution> convolutions) {
    Convolution first = convolutions.getFirst();
    int kernel = first.kernel();
    int inputs = first.inputChannels() / first.groups();
    long outputs = convolutions.stream().mapToLong(Convolution::outputChannels).sum();
    return switch (this) {
      case DENSE -> new long[] {outputs, inputs, kernel, kernel};
      case DEPTHWISE ->
          new long[] {first.groups(), outputs / first.groups(), inputs, kernel, kernel};
      case MATRIX -> new long[] {inputs, outputs};
      case WINOGRAD -> new long[] {Winograd.POINTS, inputs, outputs};
    };
  }

  /** How {@link #arrange} has the weights lie in memory. */
  TensorLayout layout(Arena arena, List<Convolution> convolutions) {
    long[] dimensions = dimensions(convolutions);
    return this == MATRIX
        ? TensorLayout.strided(arena, ElementType.FLOAT, dimensions, new long[] {1, dimensions[0]})
        : TensorLayout.rowMajor(arena, ElementType.FLOAT, dimensions);
  }

  /** Brings weights of [outputs, inputs, kernel, kernel] into this form's order. */
  float[] arrange(float[] weights, List<Convolution> convolutions) {
    return this == WINOGRAD
        ? WinogradWeights.transform(weights, convolutions.getFirst().inputChannels())
        : weights;
  }
}
