package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A product of matrices, or of as many pairs of them as the first of three dimensions says.
 *
 * @param source [rows, inner]
 * @param weights [inner, columns]
 * @param bias [1, columns]; null for none
 * @param target [rows, columns]
 * @param attributes what becomes of the result
 */
public record MatrixProduct(
    TensorLayout source,
    TensorLayout weights,
    TensorLayout bias,
    TensorLayout target,
    Attributes attributes)
    implements PrimitiveOperation {

  private static final MethodHandle DESCRIBE =
      Calls.status(
          "matmul_primitive_desc_create",
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS);

  @Override
  public String purpose() {
    return "plan a matrix product";
  }

  @Override
  public int describe(Arena local, MemorySegment attributes, MemorySegment result)
      throws Throwable {
    MemorySegment shift = bias == null ? MemorySegment.NULL : bias.handle();
    return (int)
        DESCRIBE.invokeExact(
            result,
            OneDnn.engine(),
            source.handle(),
            weights.handle(),
            shift,
            target.handle(),
            attributes);
  }
}
