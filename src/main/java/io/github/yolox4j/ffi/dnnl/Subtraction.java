package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A difference in which the second operand's dimensions of length 1 stand for all.
 *
 * @param source the first operand
 * @param second what is subtracted
 * @param target of the first operand's shape
 */
public record Subtraction(TensorLayout source, TensorLayout second, TensorLayout target)
    implements PrimitiveOperation {

  private static final int SUBTRACT = 131061;

  private static final MethodHandle DESCRIBE =
      Calls.status(
          "binary_primitive_desc_create",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS);

  @Override
  public String purpose() {
    return "plan a difference";
  }

  @Override
  public int describe(Arena local, MemorySegment attributes, MemorySegment result)
      throws Throwable {
    return (int)
        DESCRIBE.invokeExact(
            result,
            OneDnn.engine(),
            SUBTRACT,
            source.handle(),
            second.handle(),
            target.handle(),
            attributes);
  }
}
