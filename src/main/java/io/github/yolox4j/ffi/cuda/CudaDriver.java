package io.github.yolox4j.ffi.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * NVIDIA's driver, for saying what a machine has: libtorch tells nothing when it cannot use it.
 * Thread-safe.
 */
public final class CudaDriver {

  private static final List<String> LIBRARIES = List.of("libcuda.so.1", "nvcuda.dll");
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int NAME_BYTES = 256;
  private static final int BUS_BYTES = 32;

  private final DriverLibrary library;

  private CudaDriver(DriverLibrary library) {
    this.library = library;
  }

  /**
   * A GPU.
   *
   * @param name the product's name
   * @param major its compute capability
   * @param minor the part after the point
   * @param bytes its memory
   * @param bus where it is on the PCI bus, which NVIDIA's tools number it by
   */
  public record Gpu(String name, int major, int minor, long bytes, String bus) {}

  /**
   * Finds the driver.
   *
   * @return the driver; empty if none is installed
   */
  public static Optional<CudaDriver> find() {
    return DriverLibrary.find(LIBRARIES).map(CudaDriver::new);
  }

  /**
   * {@return the newest CUDA that the driver can run, for example {@code 13.0}}
   *
   * @throws YoloxException if the driver fails
   */
  public String cudaVersion() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(JAVA_INT);
      library.call("cuDriverGetVersion", List.of(ADDRESS), version);
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
      library.call("cuInit", List.of(JAVA_INT), 0);
      MemorySegment count = arena.allocate(JAVA_INT);
      library.call("cuDeviceGetCount", List.of(ADDRESS), count);
      List<Gpu> gpus = new ArrayList<>();
      for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
        gpus.add(gpu(arena, i));
      }
      return gpus;
    }
  }

  private Gpu gpu(Arena arena, int index) {
    MemorySegment device = arena.allocate(JAVA_INT);
    library.call("cuDeviceGet", List.of(ADDRESS, JAVA_INT), device, index);
    int handle = device.get(JAVA_INT, 0);
    MemorySegment name = arena.allocate(NAME_BYTES);
    library.call("cuDeviceGetName", List.of(ADDRESS, JAVA_INT, JAVA_INT), name, NAME_BYTES, handle);
    MemorySegment bus = arena.allocate(BUS_BYTES);
    library.call(
        "cuDeviceGetPCIBusId", List.of(ADDRESS, JAVA_INT, JAVA_INT), bus, BUS_BYTES, handle);
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    library.call("cuDeviceTotalMem_v2", List.of(ADDRESS, JAVA_INT), bytes, handle);
    return new Gpu(
        name.getString(0),
        attribute(arena, handle, CAPABILITY_MAJOR),
        attribute(arena, handle, CAPABILITY_MINOR),
        bytes.get(JAVA_LONG, 0),
        bus.getString(0));
  }

  private int attribute(Arena arena, int device, int which) {
    MemorySegment value = arena.allocate(JAVA_INT);
    library.call(
        "cuDeviceGetAttribute", List.of(ADDRESS, JAVA_INT, JAVA_INT), value, which, device);
    return value.get(JAVA_INT, 0);
  }
}
