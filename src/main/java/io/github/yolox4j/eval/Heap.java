package io.github.yolox4j.eval;

import io.github.yolox4j.YoloxException;
import java.util.function.Supplier;

/** Says in a sentence that data do not fit in memory. */
final class Heap {

  private Heap() {}

  /** Does work whose size the user's files decide. */
  static <T> T within(String work, Supplier<T> task) {
    try {
      return task.get();
    } catch (OutOfMemoryError e) {
      throw new YoloxException("%s %s".formatted(work, exceeded()), e);
    }
  }

  /** What to say behind the name of what is too large. */
  static String exceeded() {
    return "does not fit in a Java heap of %d MB; -Xmx gives a larger one"
        .formatted(Runtime.getRuntime().maxMemory() >> 20);
  }
}
