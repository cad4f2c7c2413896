package io.github.yolox4j.ffi.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.ChildJvm;
import io.github.yolox4j.ChildJvm.Difference;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a process in which an exit handler, as libraries have them, would abort. */
class ProcessExitTest {

  /** Ends with 0 unless the handler runs. */
  static final class Program {

    private Program() {}

    @SuppressWarnings("restricted")
    public static void main(String[] arguments) throws Throwable {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      FunctionDescriptor takesFunction =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
      MemorySegment abort = library.find("abort").orElseThrow();
      int _ =
          (int)
              linker
                  .downcallHandle(library.find("on_exit").orElseThrow(), takesFunction)
                  .invokeExact(abort, MemorySegment.NULL);
      if (arguments.length > 0) {
        Runtime.getRuntime().addShutdownHook(new Thread(ProcessExit::skipDestructors));
      }
      System.exit(0);
    }
  }

  @Test
  void destructorsThatWouldCrashDoNotRun() throws Exception {
    assumeTrue(Linker.nativeLinker().defaultLookup().find("on_exit").isPresent());
    assertEquals(List.of(), ChildJvm.linesOf(Difference.NONE, Program.class, "skip"));
    assertThrows(AssertionError.class, () -> ChildJvm.linesOf(Difference.NONE, Program.class));
  }
}
