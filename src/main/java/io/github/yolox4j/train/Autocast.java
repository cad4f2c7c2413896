package io.github.yolox4j.train;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.tensor.Tensors;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Lets this thread's convolutions compute in 16 bits until it is closed, by the same thread.
 * Nothing changes for 32 and 64 bits.
 */
final class Autocast implements AutoCloseable {

  private final DeviceType device;
  private final boolean wasEnabled;
  private final ScalarType before;
  private final boolean active;

  Autocast(ComputeDevice device, Precision precision) {
    this.device = device.cuda() ? DeviceType.CUDA : DeviceType.CPU;
    active = precision == Precision.BF16 || precision == Precision.FP16;
    wasEnabled = torch.is_autocast_enabled(this.device);
    before = torch.get_autocast_dtype(this.device);
    if (active) {
      torch.set_autocast_dtype(this.device, Tensors.type(precision));
      torch.set_autocast_enabled(this.device, true);
      torch.increment_nesting();
    }
  }

  @Override
  public void close() {
    if (active) {
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache(); // the weights in 16 bits
      }
      torch.set_autocast_enabled(device, wasEnabled);
      torch.set_autocast_dtype(device, before);
    }
  }
}
