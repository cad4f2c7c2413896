package io.github.yolox4j.tensor;

import io.github.yolox4j.YoloxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors live and are computed with.
 *
 * @param cuda whether it is a GPU
 * @param index the GPU's number; 0 for the CPU
 */
public record ComputeDevice(boolean cuda, int index) {

  /** The processor. */
  public static final ComputeDevice CPU = new ComputeDevice(false, 0);

  private static final String CUDA_PRESETS = "/org/bytedeco/cuda/global/cudart.class";
  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

  /**
   * Finds the device of a name.
   *
   * @param name {@code auto} (a GPU where there is one), {@code cpu}, {@code cuda} or {@code
   *     cuda:N}
   * @return the device
   * @throws YoloxException if the name is none of these or there is no such GPU
   */
  public static ComputeDevice of(String name) {
    if (name.equals("cpu") || (name.equals("auto") && !builtForCuda())) {
      return CPU;
    }
    LibTorch.load();
    if (name.equals("auto")) {
      return torch.cuda_is_available() ? new ComputeDevice(true, 0) : CPU;
    }
    Matcher matcher = CUDA.matcher(name);
    if (!matcher.matches()) {
      throw new YoloxException(
          "Unknown device '%s'; expected auto, cpu, cuda or cuda:N".formatted(name));
    }
    if (!torch.cuda_is_available()) {
      throw new YoloxException(
          "Device '%s' was asked for, but libtorch finds no CUDA device; it needs an NVIDIA driver"
                  .formatted(name)
              + " and this project's build with -Pgpu");
    }
    int index = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
    if (index >= torch.cuda_device_count()) {
      throw new YoloxException(
          "Device '%s' was asked for, but there are only %d CUDA devices"
              .formatted(name, torch.cuda_device_count()));
    }
    return new ComputeDevice(true, index);
  }

  /**
   * Tells whether the class path has what a GPU needs, without loading libtorch for nothing.
   *
   * @return whether this is the build for CUDA
   */
  public static boolean builtForCuda() {
    return ComputeDevice.class.getResource(CUDA_PRESETS) != null;
  }

  /** {@return libtorch's device, owned by the caller} */
  public Device toTorch() {
    LibTorch.load();
    return new Device(toString());
  }

  /**
   * Marks that the host waits for this device on purpose. Matters only while libtorch's
   * synchronisation debugging makes other waiting an error.
   *
   * @return the mark, to be closed when the waiting is over
   */
  public Waiting waiting() {
    return cuda ? Cuda.waiting() : () -> {};
  }

  /** Waits until the device has done all that it was given. */
  public void synchronize() {
    if (cuda) {
      try (Waiting _ = waiting()) {
        torch.cuda_synchronize(index);
      }
    }
  }

  /** Gives memory back that the device keeps for tensors to come. */
  public void releaseMemory() {
    if (cuda) {
      Cuda.releaseMemory();
    }
  }

  @Override
  public String toString() {
    return cuda ? "cuda:" + index : "cpu";
  }
}
