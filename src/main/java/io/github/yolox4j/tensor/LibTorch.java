package io.github.yolox4j.tensor;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.NativeLibraries;
import io.github.yolox4j.ffi.threads.NativeThreads;
import io.github.yolox4j.ffi.torch.SoleLibtorch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads the native library. Every class of this project that touches libtorch calls {@link #load}
 * first.
 */
public final class LibTorch {

  /**
   * What libtorch's messages say then: of its own allocators, of cuDNN and cuBLAS, and where no
   * algorithm of cuDNN found the memory it works with.
   */
  private static final List<String> TOO_LITTLE_MEMORY =
      List.of(
          "out of memory",
          "not enough memory",
          "STATUS_ALLOC_FAILED",
          "unable to find an engine to execute this computation");

  private static volatile boolean loaded;

  private LibTorch() {}

  /** What the first load ended with; a static initialiser that throws would hide the sentence. */
  private static final class Holder {
    static final Optional<YoloxException> FAILURE = load();

    private static Optional<YoloxException> load() {
      try {
        SoleLibtorch.requireClassPaths();
        NativeLibraries.load(torch.class);
      } catch (YoloxException e) {
        return Optional.of(e);
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        return Optional.of(
            new YoloxException(
                "libtorch cannot be loaded for %s: %s; the class path needs org.bytedeco:pytorch,"
                        .formatted(Loader.getPlatform(), firstLine(e))
                    + " openblas and javacpp with this platform's classifier",
                e));
      }
      NativeThreads.setOpenBlas(1);
      loaded = true;
      applyThreads(IntraOpThreads.ofProcess());
      applyThreadsOfCaller();
      return Optional.empty();
    }
  }

  /**
   * Loads libtorch, once, and tells it {@link IntraOpThreads}.
   *
   * @throws YoloxException if the natives are not on the class path
   */
  public static void load() {
    if (Holder.FAILURE.isPresent()) {
      throw Holder.FAILURE.get();
    }
  }

  /** Tells libtorch, where it is loaded, how many threads an operation may use. */
  static void applyThreads(int threads) {
    if (loaded) {
      torch.set_num_threads(threads);
    }
  }

  /** Tells libtorch, where it is loaded, how many threads those of the calling thread may use. */
  static void applyThreadsOfCaller() {
    if (loaded) {
      int _ = torch.get_num_threads(); // which gives a new thread the number of the process
      NativeThreads.setOpenMpOfCaller(IntraOpThreads.count());
    }
  }

  /** {@return the threads that one operation of the calling thread may use, at least 1} */
  public static int threads() {
    load();
    return torch.get_num_threads();
  }

  /**
   * Lets 32-bit convolutions and products on a GPU keep 10 bits of their factors' fractions, or
   * forbids it, in the whole process.
   *
   * @param allowed whether they may
   */
  public static void allowTf32(boolean allowed) {
    load();
    torch.globalContext().setAllowTF32CuDNN(allowed);
    torch.globalContext().setAllowTF32CuBLAS(allowed);
  }

  /**
   * Has cuDNN try its algorithms for each new shape and keep the fastest, in the whole process.
   *
   * @param tried whether it does
   */
  public static void benchmarkConvolutions(boolean tried) {
    load();
    torch.globalContext().setBenchmarkCuDNN(tried);
  }

  /**
   * {@return the version of libtorch and of its Java binding, for example {@code 2.10.0-1.5.13}}
   */
  public static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      return "unknown";
    }
  }

  /**
   * Tells whether libtorch failed because a device has too little memory.
   *
   * @param failure what was thrown
   * @return whether its message says so
   */
  public static boolean outOfMemory(Throwable failure) {
    String message = firstLine(failure);
    return TOO_LITTLE_MEMORY.stream().anyMatch(message::contains);
  }

  /**
   * Cuts libtorch's message, which goes on with a native stack trace, to its first line.
   *
   * @param failure what libtorch threw
   * @return the first line
   */
  public static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
