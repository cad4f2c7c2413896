package io.github.yolox4j.bench;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.cuda.CudaDriver;
import io.github.yolox4j.ffi.cuda.GpuMonitor;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/** What to know about a machine whose speed is measured. */
final class Machine {

  private static final double GIB = 1 << 30;

  private Machine() {}

  static Map<String, String> describe(ComputeDevice device) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("device", device.toString());
    Optional.ofNullable(Machine.class.getPackage().getImplementationVersion())
        .ifPresent(version -> facts.put("yolox4j", version));
    facts.put("libtorch", LibTorch.version());
    if (device.cuda()) {
      facts.put("CUDA", Cuda.version());
      facts.put("cuDNN", Cuda.dnnVersion());
      gpu(device).ifPresent(gpu -> describe(gpu, facts));
    }
    facts.put("platform", Loader.getPlatform());
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", gib(Pointer.totalPhysicalBytes()));
    facts.put("threads", Integer.toString(IntraOpThreads.count()));
    facts.put("JDK", Runtime.version().toString());
    return facts;
  }

  private static void describe(CudaDriver.Gpu gpu, Map<String, String> facts) {
    facts.put("GPU", gpu.name());
    facts.put("GPU memory", gib(gpu.bytes()));
    facts.put("compute capability", gpu.major() + "." + gpu.minor());
    GpuMonitor.find(gpu.bus()).ifPresent(each -> facts.put("driver", each.driverVersion()));
  }

  /** What the driver tells about a device; empty if it tells nothing. */
  static Optional<CudaDriver.Gpu> gpu(ComputeDevice device) {
    try {
      return CudaDriver.find().map(driver -> driver.gpus().get(device.index()));
    } catch (YoloxException _) {
      return Optional.empty();
    }
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}
