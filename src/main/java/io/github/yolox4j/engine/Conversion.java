package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;

/** Copies tensors in another type of elements. */
final class Conversion {

  private static final Operator COPY =
      Operator.of(
          "aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None,"
              + " Device? device=None, bool? pin_memory=None, bool non_blocking=False,"
              + " MemoryFormat? memory_format=None) -> Tensor");

  private Conversion() {}

  /** Copies in the same order of dimensions; owned by the caller. */
  static TensorHandle to(TensorHandle tensor, DType type) {
    return COPY.tensor(
        tensor,
        Value.some(type),
        Value.none(),
        Value.none(),
        Value.none(),
        Value.of(false),
        Value.none());
  }
}
