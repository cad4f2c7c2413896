package io.github.yolox4j.plan;

import io.github.yolox4j.ffi.dnnl.Primitive;
import io.github.yolox4j.ffi.dnnl.TensorLayout;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of a primitive.
 *
 * @param argument its part in the operation
 * @param layout how it lies in memory
 * @param place where it starts
 */
record Tensor(Primitive.Argument argument, TensorLayout layout, Place place) {

  /** Where a tensor starts in a workspace. */
  interface Place {
    MemorySegment in(Workspace workspace);
  }
}
