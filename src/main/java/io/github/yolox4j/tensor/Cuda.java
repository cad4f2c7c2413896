package io.github.yolox4j.tensor;

import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.cuda.CUDAEvent;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.CUDAStreamGuard;
import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch_cuda;
import org.bytedeco.pytorch.global.torch_cuda.SyncDebugMode;

/**
 * What only libtorch's build for CUDA can do. Besides NCCL's, the one place that touches its
 * classes, which cannot even be loaded elsewhere: use nothing of this unless a {@link
 * ComputeDevice} is a GPU.
 */
public final class Cuda {

  private Cuda() {}

  /** {@return libtorch's version of CUDA, for example {@code 13.1}} */
  public static String version() {
    long number = Context.versionCUDART();
    return number / 1000 + "." + number % 1000 / 10;
  }

  /** {@return the version of cuDNN, for example {@code 9.19}} */
  public static String dnnVersion() {
    long number = Context.versionRuntimeCuDNN();
    return number / 10000 + "." + number % 10000 / 100;
  }

  /**
   * {@return how much memory of a GPU tensors have taken at most, in bytes}
   *
   * @param device a GPU
   */
  public static long peakBytes(ComputeDevice device) {
    try (DeviceStats stats = torch_cuda.getAllocator().getDeviceStats((byte) device.index())) {
      return stats.allocated_bytes().peak(); // the first of the array sums up all pools
    }
  }

  /**
   * Begins {@link #peakBytes} anew.
   *
   * @param device a GPU
   */
  public static void forgetPeak(ComputeDevice device) {
    torch_cuda.getAllocator().resetPeakStats((byte) device.index());
  }

  /** Gives memory back to the GPUs that no tensor takes. */
  static void releaseMemory() {
    torch_cuda.getAllocator().emptyCache();
  }

  static Waiting waiting() {
    SyncDebugMode before = torch_cuda.warning_state().get_sync_debug_mode().intern();
    torch_cuda.warning_state().set_sync_debug_mode(SyncDebugMode.L_DISABLED);
    return () -> torch_cuda.warning_state().set_sync_debug_mode(before);
  }

  /**
   * Copies to a GPU beside what it computes. For one thread; owns native objects until it is
   * closed.
   */
  public static final class Upload implements AutoCloseable {

    private final ComputeDevice device;
    private final CUDAStream stream;
    private final CUDAEvent arrived = new CUDAEvent();

    /**
     * Takes a stream.
     *
     * @param device a GPU
     */
    public Upload(ComputeDevice device) {
      this.device = device;
      this.stream = torch_cuda.getStreamFromPool(false, (byte) device.index());
    }

    /**
     * Begins a copy and returns at once.
     *
     * @param source a CPU tensor; free to change when this returns
     * @return the tensor on the GPU, owned by the caller, to be used after {@link #arrived} only
     */
    public Tensor begin(Tensor source) {
      try (Stream own = stream.unwrap();
          CUDAStreamGuard _ = new CUDAStreamGuard(own);
          Tensor locked = source.pin_memory();
          Device target = device.toTorch();
          MemoryFormatOptional same = new MemoryFormatOptional()) {
        Tensor copy = locked.to(target, Tensors.type(source), true, false, same);
        arrived.record(stream);
        return copy;
      }
    }

    /**
     * Lets what is computed from now on wait for the copy; the host does not.
     *
     * @param copy what {@link #begin} gave
     */
    public void arrived(Tensor copy) {
      try (CUDAStream computing = torch_cuda.getCurrentCUDAStream((byte) device.index());
          Stream user = computing.unwrap()) {
        arrived.block(computing);
        copy.record_stream(user); // its memory is not given to the next copy too early
      }
    }

    @Override
    public void close() {
      arrived.close();
      stream.close();
    }
  }
}
