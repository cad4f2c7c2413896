package io.github.yolox4j.ffi.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** NVIDIA's management library: what a GPU is doing. Thread-safe. */
public final class GpuMonitor {

  private static final List<String> LIBRARIES = List.of("libnvidia-ml.so.1", "nvml.dll");
  private static final int VERSION_BYTES = 80;

  private final DriverLibrary library;
  private final MemorySegment device;

  private GpuMonitor(DriverLibrary library, MemorySegment device) {
    this.library = library;
    this.device = device;
  }

  /**
   * Finds the library and a GPU.
   *
   * @param bus where the GPU is, {@link CudaDriver.Gpu#bus}
   * @return the monitor; empty if the library is not installed or does not know the GPU
   */
  public static Optional<GpuMonitor> find(String bus) {
    Optional<DriverLibrary> library = DriverLibrary.find(LIBRARIES);
    if (library.isEmpty()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      library.get().call("nvmlInit_v2", List.of());
      MemorySegment device = arena.allocate(ADDRESS);
      library
          .get()
          .call(
              "nvmlDeviceGetHandleByPciBusId_v2",
              List.of(ADDRESS, ADDRESS),
              arena.allocateFrom(bus),
              device);
      return Optional.of(new GpuMonitor(library.get(), device.get(ADDRESS, 0)));
    } catch (YoloxException _) {
      return Optional.empty(); // a driver without what it takes
    }
  }

  /**
   * {@return for how much of the last moments, up to a second, the GPU computed anything, 0 to 1}
   *
   * @throws YoloxException if the driver does not tell
   */
  public double busy() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rates = arena.allocate(JAVA_INT, 2); // computing, memory; both in percent
      library.call("nvmlDeviceGetUtilizationRates", List.of(ADDRESS, ADDRESS), device, rates);
      return rates.get(JAVA_INT, 0) / 100.0;
    }
  }

  /**
   * {@return the driver's version, for example {@code 580.95.05}}
   *
   * @throws YoloxException if the driver does not tell
   */
  public String driverVersion() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(VERSION_BYTES);
      library.call("nvmlSystemGetDriverVersion", List.of(ADDRESS, JAVA_INT), text, VERSION_BYTES);
      return text.getString(0);
    }
  }
}
