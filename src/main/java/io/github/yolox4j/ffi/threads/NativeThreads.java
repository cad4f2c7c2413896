package io.github.yolox4j.ffi.threads;

import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * The threads of the libraries that the class path's libtorch calls, which must be loaded by this
 * class's class loader; where it brings others, nothing is set.
 */
public final class NativeThreads {

  /** By this OpenBLAS lets the user choose; whoever does keeps the choice. */
  private static final String OPENBLAS_VARIABLE = "OPENBLAS_NUM_THREADS";

  private NativeThreads() {}

  /**
   * Sets the threads of OpenBLAS for the whole process, unless the user has chosen. Its pool is not
   * the one of libtorch's operators: two pools that spin on the same cores make small convolutions
   * several times slower.
   *
   * @param threads at least 1
   */
  public static void setOpenBlas(int threads) {
    if (System.getenv(OPENBLAS_VARIABLE) == null) {
      set("openblas_set_num_threads", threads);
    }
  }

  /**
   * Sets how many OpenMP threads compute for the calling thread, and for no other.
   *
   * @param threads at least 1
   */
  public static void setOpenMpOfCaller(int threads) {
    set("omp_set_num_threads", threads);
  }

  @SuppressWarnings("restricted")
  private static void set(String function, int threads) {
    SymbolLookup.loaderLookup().find(function).ifPresent(address -> call(address, threads));
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
