package io.github.yolox4j.ffi.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A thread's memory for the arguments of one call, kept because taking it for every call costs more
 * than the call. Nothing lies in it while libtorch computes, so calls may nest.
 */
final class Scratch {

  /** More values than any operator has. */
  static final int SLOTS = 64;

  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private final MemorySegment stack = longs(SLOTS);
  private final MemorySegment result = longs(1);

  private Scratch() {}

  static Scratch ofThread() {
    return OF_THREAD.get();
  }

  private static MemorySegment longs(int count) {
    return Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, count);
  }

  /** Arguments before a call of the dispatcher, results after it. */
  MemorySegment stack() {
    return stack;
  }

  /** Where a function puts its only result. */
  MemorySegment result() {
    return result;
  }

  long resultLong() {
    return result.get(ValueLayout.JAVA_LONG, 0);
  }

  int resultInt() {
    return result.get(ValueLayout.JAVA_INT, 0);
  }
}
