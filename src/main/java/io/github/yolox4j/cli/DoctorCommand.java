package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.EngineKind;
import io.github.yolox4j.engine.InferenceRequest;
import io.github.yolox4j.engine.Predictions;
import io.github.yolox4j.ffi.cuda.CudaDriver;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.image.OpenCv;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Cuda;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.video.VideoReader;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.OfficialWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;

/** Tells what was found on this machine and how to mend what is missing. */
@Command(
    description = "What was found on this machine, and how to mend what is missing.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: yolox doctor"})
final class DoctorCommand implements Callable<Integer> {

  private static final double GIB = 1 << 30;

  private final Console console;
  private boolean healthy = true;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    line("yolox4j", Version::text);
    line("JDK", () -> "%s in %s".formatted(Runtime.version(), System.getProperty("java.home")));
    line("platform", DoctorCommand::platform);
    line("memory", DoctorCommand::memory);
    line("libtorch", () -> LibTorch.version() + ", " + LibTorch.threads() + " threads");
    line("CUDA", DoctorCommand::cuda);
    line("oneDNN", DoctorCommand::oneDnn);
    line("OpenCV", DoctorCommand::openCv);
    line("FFmpeg", DoctorCommand::ffmpeg);
    line("weights", DoctorCommand::weights);
    line("self-test", DoctorCommand::selfTest);
    return healthy ? Main.DONE : Main.FAILED;
  }

  private void line(String name, Supplier<String> examination) {
    String finding;
    try {
      finding = examination.get();
    } catch (YoloxException e) {
      healthy = false;
      finding = "FAILED: " + e.getMessage();
    }
    console.print("%-10s %s", name, finding);
  }

  private static String platform() {
    return "%s, %d processors"
        .formatted(Loader.getPlatform(), Runtime.getRuntime().availableProcessors());
  }

  private static String memory() {
    return String.format(
        Locale.ROOT,
        "%.1f GiB, of which %.1f GiB for Java",
        Pointer.totalPhysicalBytes() / GIB,
        Runtime.getRuntime().maxMemory() / GIB);
  }

  private static String cuda() {
    LibTorch.load();
    Optional<CudaDriver> driver = CudaDriver.find();
    if (driver.isEmpty()) {
      return "none: NVIDIA's driver is not installed; %s needs one of the 580 series"
          .formatted(ComputeDevice.builtForCuda() ? "this build" : "the build with -Pgpu");
    }
    String found =
        "driver for CUDA %s; %s"
            .formatted(
                driver.get().cudaVersion(),
                driver.get().gpus().stream()
                    .map(DoctorCommand::describe)
                    .collect(Collectors.joining(", ")));
    if (!ComputeDevice.builtForCuda()) {
      return found + "; libtorch is the build for the CPU: build with -Pgpu to use it";
    }
    return torch.cuda_is_available()
        ? "%s; libtorch for CUDA %s, cuDNN %s".formatted(found, Cuda.version(), Cuda.dnnVersion())
        : found + "; libtorch cannot use it: it needs a driver of the 580 series, for CUDA 13";
  }

  private static String describe(CudaDriver.Gpu gpu) {
    return String.format(
        Locale.ROOT,
        "%s, %.0f GiB, compute capability %d.%d",
        gpu.name(),
        gpu.bytes() / GIB,
        gpu.major(),
        gpu.minor());
  }

  private static String oneDnn() {
    return OneDnn.absence()
        .orElseGet(
            () ->
                "%s, %s, bf16 %s"
                    .formatted(
                        OneDnn.version(),
                        OneDnn.avx512() ? "AVX-512" : "no AVX-512",
                        OneDnn.bfloat16() ? "by the processor" : "not by the processor"));
  }

  private static String openCv() {
    OpenCv.load();
    return versionOf("opencv");
  }

  private static String ffmpeg() {
    return VideoReader.ffmpegPresent()
        ? versionOf("ffmpeg")
        : "not on the class path: MP4 files and streams cannot be read";
  }

  private static String versionOf(String artifact) {
    try {
      return Loader.getVersion("org.bytedeco", artifact);
    } catch (IOException e) {
      return "unknown version";
    }
  }

  private static String weights() {
    Path folder = OfficialWeights.cacheFolder();
    List<String> found =
        Arrays.stream(OfficialModel.values())
            .filter(model -> Files.exists(OfficialWeights.cached(model, folder)))
            .map(OfficialModel::key)
            .toList();
    return found.isEmpty()
        ? "none in %s ('yolox weights get nano' downloads some)".formatted(folder)
        : "%s in %s".formatted(String.join(", ", found), folder);
  }

  /** Runs what {@code --engine auto} chooses once, and once more for the clock. */
  private static String selfTest() {
    ModelSpec spec = OfficialModel.NANO.spec();
    try (Engine engine =
        EngineKind.AUTO.open(
            FoldedNetwork.random(spec, 1),
            ComputeDevice.of("auto"),
            Precision.FP32,
            _ -> {})) { // what is missing has a line of its own
      run(engine, spec);
      double milliseconds = run(engine, spec);
      return String.format(
          Locale.ROOT, "nano at 416x416 in %.0f ms by %s", milliseconds, engine.description());
    }
  }

  private static double run(Engine engine, ModelSpec spec) {
    try (InferenceRequest request = engine.request(1, spec.inputHeight(), spec.inputWidth())) {
      long start = System.nanoTime();
      AtomicInteger finite = new AtomicInteger();
      Predictions predictions = request.run(0);
      predictions.visit(
          0,
          -Float.MAX_VALUE,
          (_, _, logit, _, _) -> finite.addAndGet(Float.isFinite(logit) ? 1 : 0));
      if (finite.get() != predictions.grid().size()) {
        throw new YoloxException("the network computed numbers that are not finite");
      }
      return (System.nanoTime() - start) / 1e6;
    }
  }
}
