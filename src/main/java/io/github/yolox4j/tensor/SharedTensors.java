package io.github.yolox4j.tensor;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.TorchLibrary;
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
    return TensorHandle.borrow(tensor.address());
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
