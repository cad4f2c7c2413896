package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Max-pooling with stride 1 that keeps the size.
 *
 * @param source [batch, channels, height, width]
 * @param target of the same shape
 * @param kernel side of the window, odd
 */
public record MaxPooling(TensorLayout source, TensorLayout target, int kernel)
    implements PrimitiveOperation {

  private static final int MAX = 511;

  private static final MethodHandle DESCRIBE =
      Calls.status(
          "pooling_forward_primitive_desc_create",
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
          ADDRESS);

  @Override
  public String purpose() {
    return "plan max-pooling";
  }

  @Override
  public int describe(Arena local, MemorySegment attributes, MemorySegment result)
      throws Throwable {
    MemorySegment around = Handles.dimensions(local, kernel / 2, kernel / 2);
    return (int)
        DESCRIBE.invokeExact(
            result,
            OneDnn.engine(),
            FORWARD_INFERENCE,
            MAX,
            source.handle(),
            target.handle(),
            Handles.dimensions(local, 1, 1),
            Handles.dimensions(local, kernel, kernel),
            Handles.dimensions(local, 0, 0),
            around,
            around,
            attributes);
  }
}
