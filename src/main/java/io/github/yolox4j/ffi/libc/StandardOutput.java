package io.github.yolox4j.ffi.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.function.Supplier;

/** The process's standard output, which native libraries print to as well. */
@SuppressWarnings("restricted")
public final class StandardOutput {

  private static final int OUTPUT = 1;
  private static final int ERROR = 2;

  /** How many works are in progress; the first diverts and the last restores. */
  private static int works;

  /** Another number of the standard output meanwhile. */
  private static int kept;

  private StandardOutput() {}

  /**
   * Does a work while all that the process prints goes to standard error. Several threads may do so
   * at once.
   *
   * @param <T> what the work gives
   * @param work calls libraries that print about themselves
   * @return what the work has given
   */
  public static <T> T diverted(Supplier<T> work) {
    begin();
    try {
      return work.get();
    } finally {
      end();
    }
  }

  private static synchronized void begin() {
    if (works++ == 0) {
      kept = call("dup", OUTPUT);
      int _ = call("dup2", ERROR, OUTPUT);
    }
  }

  private static synchronized void end() {
    if (--works == 0) {
      flush();
      int _ = call("dup2", kept, OUTPUT);
      int _ = call("close", kept);
    }
  }

  /** What the C library has not written yet. */
  private static void flush() {
    try {
      int _ = (int) function("fflush", ADDRESS).invokeExact(MemorySegment.NULL);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  private static int call(String name, int... descriptors) {
    MemoryLayout[] types = new MemoryLayout[descriptors.length];
    Arrays.fill(types, JAVA_INT);
    try {
      return (int)
          function(name, types).invokeWithArguments(Arrays.stream(descriptors).boxed().toList());
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  private static MethodHandle function(String name, MemoryLayout... types) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, types));
  }
}
