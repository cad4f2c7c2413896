package io.github.yolox4j.ffi.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** How the process ends after Java has. */
@SuppressWarnings("restricted")
public final class ProcessExit {

  private ProcessExit() {}

  /**
   * Lets the process end without the destructors of native libraries, which pull memory from under
   * threads that still compute. To be called in a shutdown hook, and only by a program to which the
   * process belongs: the exit handlers of others do not run either. Does nothing where the C
   * library has no {@code on_exit}.
   */
  public static void skipDestructors() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    Optional<MemorySegment> register = library.find("on_exit");
    Optional<MemorySegment> end = library.find("_exit");
    if (register.isEmpty() || end.isEmpty()) {
      return;
    }
    // handlers run last in, first out, and get the exit status, which is what _exit takes
    MethodHandle onExit =
        linker.downcallHandle(register.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    try {
      int _ = (int) onExit.invokeExact(end.get(), MemorySegment.NULL);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }
}
