package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.util.function.Supplier;

/** Says in a sentence that data do not fit in memory. */
public final class Heap {

  private Heap() {}

  /**
   * Does work whose size the user's files decide.
   *
   * @param <T> what the work gives
   * @param work what to call it in the message
   * @param task the work
   * @return its result
   * @throws YoloxException if the heap is too small
   */
  public static <T> T within(String work, Supplier<T> task) {
    try {
      return task.get();
    } catch (OutOfMemoryError e) {
      throw new YoloxException("%s %s".formatted(work, exceeded()), e);
    }
  }

  /** The rest of a sentence about what is too large, which names the size of the heap. */
  static String exceeded() {
    return "does not fit in a Java heap of %d MB; -Xmx gives a larger one"
        .formatted(Runtime.getRuntime().maxMemory() >> 20);
  }
}
