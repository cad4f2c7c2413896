package io.github.yolox4j.cli;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.image.OpenCv;
import io.github.yolox4j.model.OfficialModel;
import io.github.yolox4j.nn.YoloX;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.video.VideoReader;
import io.github.yolox4j.weights.OfficialWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;

/** Tells what was found on this machine and how to mend what is missing. */
@Command(
    name = "doctor",
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
    console.out().printf("%-10s %s%n", name, finding);
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
    if (torch.cuda_is_available()) {
      return torch.cuda_device_count() + " devices";
    }
    return "none found (a GPU needs an NVIDIA driver of the 580 series and this project built with"
        + " -Pgpu)";
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

  /** Runs a new network once, and once more for the clock. */
  private static String selfTest() {
    try (YoloX network = YoloX.create(OfficialModel.NANO.spec());
        var _ = new Scope();
        InferenceMode _ = new InferenceMode(true)) {
      network.eval();
      Tensor picture = torch.rand(1, 3, 416, 416);
      network.forward(picture);
      long start = System.nanoTime();
      float[] objectness = Tensors.toFloats(network.forward(picture).getFirst().objectness());
      double milliseconds = (System.nanoTime() - start) / 1e6;
      for (float logit : objectness) {
        if (!Float.isFinite(logit)) {
          throw new YoloxException("the network computed " + logit);
        }
      }
      return String.format(Locale.ROOT, "nano at 416x416 in %.0f ms", milliseconds);
    }
  }
}
