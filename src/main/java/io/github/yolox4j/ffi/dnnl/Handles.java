package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** oneDNN's objects as addresses that an arena owns: closing the arena destroys them. */
@SuppressWarnings("restricted")
final class Handles {

  private static final int SUCCESS = 0;
  private static final int MAX_DIMENSIONS = 12;

  private Handles() {}

  /** A function that stores a new object where its argument points, and returns a status. */
  interface Creation {
    int storeAt(MemorySegment result) throws Throwable;
  }

  /** A function that returns a status. */
  interface Call {
    int call() throws Throwable;
  }

  static MemorySegment create(
      Arena owner, String what, MethodHandle destructor, Creation creation) {
    return createForEver(what, creation)
        .reinterpret(owner, address -> check("destroy", () -> destroy(destructor, address)));
  }

  static MemorySegment createForEver(String what, Creation creation) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment result = local.allocate(ADDRESS);
      check(what, () -> creation.storeAt(result));
      return result.get(ADDRESS, 0);
    }
  }

  private static int destroy(MethodHandle destructor, MemorySegment address) throws Throwable {
    return (int) destructor.invokeExact(address);
  }

  /** Calls a function and turns what it returns into an exception where that is no success. */
  static void check(String what, Call call) {
    int status = call(call);
    if (status != SUCCESS) {
      throw new YoloxException("oneDNN failed to %s: %s".formatted(what, name(status)));
    }
  }

  static int call(Call call) {
    try {
      return call.call();
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  static boolean succeeded(int status) {
    return status == SUCCESS;
  }

  private static String name(int status) {
    try {
      return string((MemorySegment) Calls.STATUS_NAME.invokeExact(status));
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  static String string(MemorySegment characters) {
    return characters.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** Numbers as oneDNN takes dimensions, strides and paddings. */
  static MemorySegment dimensions(Arena arena, long... values) {
    MemorySegment dimensions = arena.allocate(JAVA_LONG, MAX_DIMENSIONS);
    MemorySegment.copy(values, 0, dimensions, JAVA_LONG, 0, values.length);
    return dimensions;
  }
}
