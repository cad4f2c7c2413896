package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The library as a whole. Loaded on first use; safe for use by many threads. */
public final class OneDnn {

  private static final int CPU = 1;
  private static final int OLDEST_AVX512 = 39;
  private static final int BFLOAT16_BITS = 0b11000; // what AVX2-VNNI-2 adds...
  private static final int AVX512_BFLOAT16_BITS = 0b11100111; // ...and AVX-512 with bf16 has

  private OneDnn() {}

  /** What loading ended with; a static initialiser that throws would hide the sentence. */
  private static final class Holder {
    static final Optional<YoloxException> FAILURE = load();

    private static Optional<YoloxException> load() {
      try {
        int major = versionNumber(0);
        return major == 3
            ? Optional.empty()
            : Optional.of(
                new YoloxException(
                    "oneDNN %s is on the class path; expected %s"
                        .formatted(versionText(), OneDnnLibrary.ARTIFACT)));
      } catch (ExceptionInInitializerError e) {
        return Optional.of(
            e.getCause() instanceof YoloxException sentence
                ? sentence
                : new YoloxException("oneDNN cannot be loaded: " + e.getCause(), e));
      }
    }
  }

  /** oneDNN's engine of the processor, which lives as long as the process. */
  private static final class Processor {
    static final MemorySegment ENGINE =
        Handles.createForEver(
            "make an engine", result -> (int) Calls.ENGINE.invokeExact(result, CPU, 0L));
  }

  /**
   * Tells why the library cannot be used.
   *
   * @return one sentence; nothing where it can be used
   */
  public static Optional<String> absence() {
    return Holder.FAILURE.map(YoloxException::getMessage);
  }

  /**
   * Loads the library.
   *
   * @throws YoloxException if it is not on the class path, is none for this platform, or is another
   *     version
   */
  public static void load() {
    if (Holder.FAILURE.isPresent()) {
      throw Holder.FAILURE.get();
    }
  }

  /** {@return the library's version, for example {@code 3.11.0}} */
  public static String version() {
    load();
    return versionText();
  }

  /**
   * Tells whether 512-bit instructions are used: the processor has them and oneDNN's own limit
   * ({@code ONEDNN_MAX_CPU_ISA}) allows them.
   *
   * @return false for AVX2 and older
   */
  public static boolean avx512() {
    return (instructions() & OLDEST_AVX512) == OLDEST_AVX512;
  }

  /**
   * Tells whether convolutions in bfloat16 run on instructions of the processor.
   *
   * @return whether that is worth while
   */
  public static boolean bfloat16() {
    int found = instructions();
    return (found & AVX512_BFLOAT16_BITS) == AVX512_BFLOAT16_BITS
        || (found & BFLOAT16_BITS) == BFLOAT16_BITS;
  }

  private static int instructions() {
    load();
    return Handles.call(() -> (int) Calls.EFFECTIVE_ISA.invokeExact());
  }

  static MemorySegment engine() {
    return Processor.ENGINE;
  }

  private static String versionText() {
    return "%d.%d.%d".formatted(versionNumber(0), versionNumber(1), versionNumber(2));
  }

  @SuppressWarnings("restricted")
  private static int versionNumber(int part) {
    try {
      MemorySegment numbers = (MemorySegment) Calls.VERSION.invokeExact();
      return numbers.reinterpret(3 * JAVA_INT.byteSize()).getAtIndex(JAVA_INT, part);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }
}
