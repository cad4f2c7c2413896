package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.model.ModelSpec;

/** Runs a model for inference. Safe for use from many threads at once. */
public interface Engine extends AutoCloseable {

  /**
   * Returns the model that runs.
   *
   * @return the specification
   */
  ModelSpec spec();

  /**
   * Tells which engine it is.
   *
   * @return its kind, never {@link EngineKind#AUTO}
   */
  EngineKind kind();

  /**
   * Says what runs, for people.
   *
   * @return for example {@code onednn 3.11.0, fp32, 2 threads}
   */
  String description();

  /**
   * Takes memory for a pass of the network.
   *
   * @param batch the number of pictures, at least 1
   * @param height the pictures' height, a multiple of 32
   * @param width the pictures' width, a multiple of 32
   * @return the pass, which the calling thread closes
   * @throws IllegalStateException if this is closed
   * @throws YoloxException if a pass of this shape is not possible
   */
  Pass begin(int batch, int height, int width);

  /**
   * Runs the network on a tensor of the libtorch that is called through its C functions.
   *
   * @param pictures [batch, channels, height, width], BGR from 0 to 255, of any type and strides,
   *     on the CPU, height and width multiples of 32; stays the caller's
   * @return [batch, anchor points, 5 + classes] of floats: centre x and y, width and height in
   *     pixels of the input, objectness, classes; owned by the caller
   * @throws IllegalStateException if this is closed
   * @throws IllegalArgumentException if the tensor is not such a one
   * @throws YoloxException if this engine takes no tensors, or the network fails
   */
  default TensorHandle forward(TensorHandle pictures) {
    throw new YoloxException(
        "Engine %s takes no tensors; expected %s"
            .formatted(kind().key(), EngineKind.TORCH_FUSED.key()));
  }

  /** Frees the network; no pass may be open. */
  @Override
  void close();
}
