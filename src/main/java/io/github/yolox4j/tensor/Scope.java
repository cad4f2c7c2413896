package io.github.yolox4j.tensor;

import org.bytedeco.javacpp.PointerScope;

/**
 * Owns every native object that its thread makes while it is open, and frees them when it closes.
 * Scopes nest. One is opened around a forward pass or a training step; it must be closed by the
 * thread that opened it.
 */
public final class Scope implements AutoCloseable {

  private final PointerScope pointers = new PointerScope();

  /** Opens a scope. */
  public Scope() {}

  @Override
  public void close() {
    pointers.close();
  }
}
