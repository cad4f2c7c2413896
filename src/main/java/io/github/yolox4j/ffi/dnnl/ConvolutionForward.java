package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A convolution of square kernels.
 *
 * @param source [batch, inputs, height, width]
 * @param weights [outputs, inputs, kernel, kernel], or [groups, outputs, inputs, kernel, kernel]
 *     divided by groups
 * @param bias [outputs]
 * @param target [batch, outputs, height / stride, width / stride]
 * @param stride the step in both directions
 * @param padding zeros around the source on all sides
 * @param attributes what becomes of the result
 */
public record ConvolutionForward(
    TensorLayout source,
    TensorLayout weights,
    TensorLayout bias,
    TensorLayout target,
    int stride,
    int padding,
    Attributes attributes)
    implements PrimitiveOperation {

  private static final int DIRECT = 1;

  private static final MethodHandle DESCRIBE =
      Calls.status(
          "convolution_forward_primitive_desc_create",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS);

  @Override
  public String purpose() {
    return "plan a convolution";
  }

  @Override
  public int describe(Arena local, MemorySegment attributes, MemorySegment result)
      throws Throwable {
    MemorySegment around = Handles.dimensions(local, padding, padding);
    return (int)
        DESCRIBE.invokeExact(
            result,
            OneDnn.engine(),
            FORWARD_INFERENCE,
            DIRECT,
            source.handle(),
            weights.handle(),
            bias.handle(),
            target.handle(),
            Handles.dimensions(local, stride, stride),
            Handles.dimensions(local, 0, 0),
            around,
            around,
            attributes);
  }
}
