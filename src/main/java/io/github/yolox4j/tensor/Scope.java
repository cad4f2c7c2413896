package io.github.yolox4j.tensor;

import java.util.Iterator;
import org.bytedeco.javacpp.Pointer;
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

  /**
   * Lets an object outlive this scope, which must be the innermost: it belongs to the scope around
   * this one then, or to the caller if there is none.
   *
   * @param object what was made in this scope
   * @param <T> its type
   * @return the same
   */
  public <T extends Pointer> T handOut(T object) {
    Iterator<PointerScope> scopes = PointerScope.getScopeIterator();
    if (!scopes.next().equals(pointers)) {
      throw new IllegalStateException("an inner scope is open");
    }
    if (scopes.hasNext()) {
      scopes.next().attach(object);
    } else {
      object.retainReference();
    }
    return object;
  }

  @Override
  public void close() {
    pointers.close();
  }
}
