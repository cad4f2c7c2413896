package io.github.yolox4j.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Owns every native object that its thread makes while it is open, and frees them when it closes.
 * Scopes nest. One is opened around a forward pass or a training step; it must be closed by the
 * thread that opened it.
 */
public final class Scope implements AutoCloseable {

  private final PointerScope pointers = new PointerScope();

  /** Opens a scope. */
  public Scope() {}

  /**
   * Lets a tensor outlive the scopes it was made in.
   *
   * @param tensor a tensor made in the current scope
   * @return the same tensor, which the caller now closes
   */
  public static Tensor keep(Tensor tensor) {
    tensor.retainReference();
    return tensor;
  }

  @Override
  public void close() {
    pointers.close();
  }
}
