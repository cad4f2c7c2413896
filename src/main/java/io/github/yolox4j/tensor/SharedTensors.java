package io.github.yolox4j.tensor;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.TorchLibrary;
import io.github.yolox4j.ffi.torch.Value;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/** Tensors that libtorch's Java presets and its C functions work on together, without copies. */
public final class SharedTensors {

  private SharedTensors() {}

  /**
   * Uses a tensor through the C functions.
   *
   * @param tensor a tensor that is closed after the handle
   * @return a handle that owns nothing
   * @throws YoloxException if the C functions are those of another libtorch
   */
  public static TensorHandle borrow(Tensor tensor) {
    requireOne();
    return TensorHandle.borrow(tensor.address(), tensor);
  }

  /**
   * Uses tensors as an operator's list.
   *
   * @param tensors tensors that are not closed as long as the list is used
   * @return handles that own nothing, in the same order
   * @throws YoloxException if the C functions are those of another libtorch
   */
  public static Value list(List<Tensor> tensors) {
    return Value.list(tensors.stream().map(SharedTensors::borrow).toList());
  }

  /**
   * Hands a tensor over to the presets.
   *
   * @param handle an open handle, which this closes
   * @return the same tensor, owned by the caller; belongs to the innermost open scope
   * @throws YoloxException if the C functions are those of another libtorch
   */
  public static Tensor adopt(TensorHandle handle) {
    requireOne();
    try (handle;
        Pointer address = new Address(handle.address());
        Tensor view = new Tensor(address)) {
      return new Tensor(view);
    }
  }

  private static void requireOne() {
    LibTorch.load();
    if (TorchLibrary.foreign()) {
      throw new YoloxException(
          "Tensors cannot be shared between the libtorch on the class path and that of -D"
              + TorchLibrary.FOLDER_PROPERTY);
    }
  }
}
