package io.github.yolox4j.ffi.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** A library of NVIDIA's driver, whose functions return 0 or an error. */
@SuppressWarnings("restricted")
final class DriverLibrary {

  private final SymbolLookup symbols;

  private DriverLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** Finds a library that has one of some names on this system. */
  static Optional<DriverLibrary> find(List<String> names) {
    for (String name : names) {
      try {
        return Optional.of(new DriverLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
      } catch (IllegalArgumentException _) {
        // not there
      }
    }
    return Optional.empty();
  }

  /** Calls a function and turns its error into an exception. */
  void call(String function, List<MemoryLayout> types, Object... arguments) {
    MethodHandle handle =
        Linker.nativeLinker()
            .downcallHandle(
                symbols
                    .find(function)
                    .orElseThrow(() -> new YoloxException("NVIDIA's driver has no " + function)),
                FunctionDescriptor.of(JAVA_INT, types.toArray(MemoryLayout[]::new)));
    int status;
    try {
      status = (int) handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    if (status != 0) {
      throw new YoloxException(
          "NVIDIA's driver failed in %s with error %d".formatted(function, status));
    }
  }
}
