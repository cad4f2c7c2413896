package io.github.yolox4j.tensor;

import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.cuda.CUDAAllocator;
import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch_cuda;

/** The memory that libtorch takes of a GPU. */
public final class CudaMemory {

  private CudaMemory() {}

  /** How many bytes tensors take now. */
  public static long held(ComputeDevice device) {
    try (DeviceStats stats = torch_cuda.getAllocator().getDeviceStats((byte) device.index())) {
      return stats.allocated_bytes().current();
    }
  }

  /** Lets libtorch take only so many bytes more than it has, until what is returned is closed. */
  public static Limit limit(ComputeDevice device, long more) {
    CUDAAllocator allocator = torch_cuda.getAllocator();
    byte index = (byte) device.index();
    try (DeviceStats stats = allocator.getDeviceStats(index);
        SizeTPair freeAndAll = allocator.getMemoryInfo(index)) {
      double most = stats.reserved_bytes().current() + more;
      allocator.setMemoryFraction(most / freeAndAll.second(), index);
    }
    return () -> torch_cuda.getAllocator().setMemoryFraction(1, index);
  }

  /** A limit that ends when it is closed. */
  public interface Limit extends AutoCloseable {
    @Override
    void close();
  }
}
