package io.github.yolox4j.ffi.torch;

import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The heap of libtorch's {@code new} and {@code delete}. A program that Java is embedded in may
 * have another than the C library's, such as that of an allocator or a sanitizer, and memory of one
 * heap that is freed on another ends the process.
 */
final class CxxHeap {

  private static final Linker LINKER = Linker.nativeLinker();

  private CxxHeap() {}

  /**
   * Binds a function of the heap.
   *
   * @param operator the mangled name of the C++ operator
   * @param c the C function that the operator is where nobody has replaced it
   * @param descriptor the signature of both
   */
  @SuppressWarnings("restricted")
  static MethodHandle function(String operator, String c, FunctionDescriptor descriptor) {
    MemorySegment function =
        ofProcess(operator)
            .or(() -> ofProcess(c))
            .orElseGet(() -> LINKER.defaultLookup().findOrThrow(c));
    return LINKER.downcallHandle(function, descriptor, Linker.Option.critical(false));
  }

  /** What the dynamic linker gives every library for a name; nothing where that is not known. */
  @SuppressWarnings("restricted")
  private static Optional<MemorySegment> ofProcess(String name) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty(); // elsewhere the handle for all libraries is another
    }
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle find =
          LINKER.downcallHandle(
              LINKER.defaultLookup().findOrThrow("dlsym"),
              FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
      MemorySegment found =
          (MemorySegment) find.invokeExact(MemorySegment.NULL, arena.allocateFrom(name));
      return found.equals(MemorySegment.NULL) ? Optional.empty() : Optional.of(found);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }
}
