package io.github.yolox4j.ffi.openblas;

import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * The threads of the OpenBLAS that libtorch calls. Its pool is not the one of libtorch's operators:
 * two pools that spin on the same cores make small convolutions several times slower.
 */
public final class OpenBlasThreads {

  /** By this OpenBLAS lets the user choose; whoever does keeps the choice. */
  private static final String THREADS_VARIABLE = "OPENBLAS_NUM_THREADS";

  private OpenBlasThreads() {}

  /**
   * Sets the threads of OpenBLAS for the whole process; does nothing where libtorch brings another
   * BLAS or the user has chosen. The library must be loaded, by this class's class loader.
   *
   * @param threads at least 1
   */
  public static void set(int threads) {
    if (System.getenv(THREADS_VARIABLE) == null) {
      SymbolLookup.loaderLookup()
          .find("openblas_set_num_threads")
          .ifPresent(function -> call(function, threads));
    }
  }

  @SuppressWarnings("restricted")
  private static void call(MemorySegment function, int threads) {
    try {
      Linker.nativeLinker()
          .downcallHandle(function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
          .invokeExact(threads);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }
}
