package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A copy between layouts and element types.
 *
 * @param source what is read
 * @param target what is written, of the same dimensions
 */
public record Reorder(TensorLayout source, TensorLayout target) implements PrimitiveOperation {

  private static final MethodHandle DESCRIBE =
      Calls.status(
          "reorder_primitive_desc_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

  @Override
  public String purpose() {
    return "plan a copy";
  }

  @Override
  public int describe(Arena local, MemorySegment attributes, MemorySegment result)
      throws Throwable {
    return (int)
        DESCRIBE.invokeExact(
            result, source.handle(), OneDnn.engine(), target.handle(), OneDnn.engine(), attributes);
  }
}
