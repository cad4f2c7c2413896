package io.github.yolox4j.ffi.presets;

/** What the calls of C functions have in common. */
public final class Downcall {

  private Downcall() {}

  /**
   * Makes an unchecked exception of what a method handle is declared to throw.
   *
   * @param thrown what came out of a downcall
   * @return never
   * @throws RuntimeException what was thrown, if it is unchecked
   * @throws AssertionError otherwise: a C function throws nothing
   */
  public static RuntimeException failure(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    throw new AssertionError("a C function threw through a downcall", thrown);
  }
}
