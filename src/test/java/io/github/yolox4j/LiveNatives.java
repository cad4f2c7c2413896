package io.github.yolox4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.Pointer;

/** Counts the native objects that Java owns. */
public final class LiveNatives {

  private LiveNatives() {}

  /** How many there are now. */
  public static long count() {
    return Pointer.totalCount();
  }

  /**
   * Checks that none has been left behind. There may be fewer than before: the garbage collector
   * also frees what earlier tests have dropped.
   */
  public static void assertNoneLeftSince(long before) {
    long now = count();
    assertTrue(now <= before, (now - before) + " native objects left behind");
  }
}
