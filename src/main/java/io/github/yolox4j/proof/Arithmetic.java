package io.github.yolox4j.proof;

import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a device computes a network, in the order in which people want to know. */
public enum Arithmetic {
  /** 16-bit floats with 10 bits of fraction. */
  FP16(Precision.FP16, false),
  /** 32-bit floats of whose factors a GPU keeps 10 bits of fraction. */
  TF32(Precision.FP32, true),
  /** 32-bit floats. */
  FP32(Precision.FP32, false),
  /** 16-bit floats with 7 bits of fraction. */
  BF16(Precision.BF16, false);

  private final Precision precision;
  private final boolean tf32;

  Arithmetic(Precision precision, boolean tf32) {
    this.precision = precision;
    this.tf32 = tf32;
  }

  /**
   * Lists what a device can compute in.
   *
   * @param device the device
   * @return everything on a GPU; a processor has no TF32
   */
  static List<Arithmetic> possible(ComputeDevice device) {
    return Arrays.stream(values()).filter(each -> device.cuda() || each != TF32).toList();
  }

  /**
   * Lists what people compute in on a device.
   *
   * @param device the device
   * @return everything on a GPU; on a processor FP32, and BF16 where it has instructions for that
   */
  static List<Arithmetic> usual(ComputeDevice device) {
    if (device.cuda()) {
      return possible(device);
    }
    return OneDnn.absence().isEmpty() && OneDnn.bfloat16() ? List.of(FP32, BF16) : List.of(FP32);
  }

  /** What tensors are made of. */
  Precision precision() {
    return precision;
  }

  /** Tells libtorch, in the whole process, whether it may use TF32. */
  void allow() {
    LibTorch.allowTf32(tf32);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
