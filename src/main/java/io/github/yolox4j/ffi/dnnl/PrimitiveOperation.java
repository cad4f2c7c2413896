package io.github.yolox4j.ffi.dnnl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What oneDNN is asked to compile: an operation on given shapes and layouts. */
public interface PrimitiveOperation {

  /** oneDNN's word for a pass forward from which no gradient is taken. */
  int FORWARD_INFERENCE = 96;

  /** {@return what is tried, as a verb that follows "oneDNN failed to"} */
  String purpose();

  /** {@return what becomes of the result} */
  default Attributes attributes() {
    return Attributes.NONE;
  }

  /**
   * Asks oneDNN for a descriptor.
   *
   * @param local owns what the call needs while it runs
   * @param attributes those of {@link #attributes()}
   * @param result where the descriptor is stored; the caller owns it
   * @return oneDNN's status
   * @throws Throwable what the call throws
   */
  int describe(Arena local, MemorySegment attributes, MemorySegment result) throws Throwable;
}
