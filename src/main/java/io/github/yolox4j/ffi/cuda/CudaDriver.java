package io.github.yolox4j.ffi.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * NVIDIA's driver, for saying what a machine has: libtorch tells nothing when it cannot use it.
 * Thread-safe.
 */
@SuppressWarnings("restricted")
public final class CudaDriver {

  private static final List<String> LIBRARIES = List.of("libcuda.so.1", "nvcuda.dll");
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int NAME_BYTES = 256;

  private final SymbolLookup symbols;

  private CudaDriver(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /**
   * A GPU.
   *
   * @param name the product's name
   * @param major its compute capability
   * @param minor the part after the point
   * @param bytes its memory
   */
  public record Gpu(String name, int major, int minor, long bytes) {}

  /**
   * Finds the driver.
   *
   * @return the driver; empty if none is installed
   */
  public static Optional<CudaDriver> find() {
    for (String library : LIBRARIES) {
      try {
        return Optional.of(new CudaDriver(SymbolLookup.libraryLookup(library, Arena.global())));
      } catch (IllegalArgumentException _) {
        // not there
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the newest CUDA that the driver can run.
   *
   * @return for example {@code 13.0}
   * @throws YoloxException if the driver fails
   */
  public String cudaVersion() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(JAVA_INT);
      call("cuDriverGetVersion", List.of(ADDRESS), version);
      int number = version.get(JAVA_INT, 0);
      return number / 1000 + "." + number % 1000 / 10;
    }
  }

  /**
   * Lists the GPUs.
   *
   * @return in the driver's order
   * @throws YoloxException if the driver fails, as it does where its kernel module is missing
   */
  public List<Gpu> gpus() {
    try (Arena arena = Arena.ofConfined()) {
      call("cuInit", List.of(JAVA_INT), 0);
      MemorySegment count = arena.allocate(JAVA_INT);
      call("cuDeviceGetCount", List.of(ADDRESS), count);
      List<Gpu> gpus = new ArrayList<>();
      for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
        gpus.add(gpu(arena, i));
      }
      return gpus;
    }
  }

  private Gpu gpu(Arena arena, int index) {
    MemorySegment device = arena.allocate(JAVA_INT);
    call("cuDeviceGet", List.of(ADDRESS, JAVA_INT), device, index);
    int handle = device.get(JAVA_INT, 0);
    MemorySegment name = arena.allocate(NAME_BYTES);
    call("cuDeviceGetName", List.of(ADDRESS, JAVA_INT, JAVA_INT), name, NAME_BYTES, handle);
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    call("cuDeviceTotalMem_v2", List.of(ADDRESS, JAVA_INT), bytes, handle);
    return new Gpu(
        name.getString(0),
        attribute(arena, handle, CAPABILITY_MAJOR),
        attribute(arena, handle, CAPABILITY_MINOR),
        bytes.get(JAVA_LONG, 0));
  }

  private int attribute(Arena arena, int device, int which) {
    MemorySegment value = arena.allocate(JAVA_INT);
    call("cuDeviceGetAttribute", List.of(ADDRESS, JAVA_INT, JAVA_INT), value, which, device);
    return value.get(JAVA_INT, 0);
  }

  private void call(String function, List<MemoryLayout> types, Object... arguments) {
    MemorySegment address =
        symbols
            .find(function)
            .orElseThrow(() -> new YoloxException("NVIDIA's driver has no " + function));
    MethodHandle handle =
        Linker.nativeLinker()
            .downcallHandle(
                address, FunctionDescriptor.of(JAVA_INT, types.toArray(MemoryLayout[]::new)));
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
