package io.github.yolox4j.ffi.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/** The program that a process runs. */
@SuppressWarnings("restricted")
public final class ProcessImage {

  /** In which Java got its own arguments. */
  private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private ProcessImage() {}

  /**
   * Lets this process run another program, with the same number, open files and environment, as a
   * shell's {@code exec} does. All that this one has begun ends, without shutdown hooks. Returns
   * only where the C library cannot do that, or refuses.
   *
   * @param command the program's path and its arguments
   */
  public static void replace(List<String> command) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    Optional<MemorySegment> function = library.find("execv");
    if (function.isEmpty()) {
      return;
    }
    MethodHandle exec =
        linker.downcallHandle(function.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(ADDRESS, command.size() + 1L); // ends with null
      for (int i = 0; i < command.size(); i++) {
        byte[] word = (command.get(i) + '\0').getBytes(ENCODING);
        words.setAtIndex(ADDRESS, i, arena.allocateFrom(JAVA_BYTE, word));
      }
      int _ = (int) exec.invokeExact(words.get(ADDRESS, 0), words);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }
}
