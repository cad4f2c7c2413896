package io.github.yolox4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Precision;

/** How a device computes a network. */
public enum Arithmetic {
  /** 16-bit floats with 10 bits of fraction. */
  FP16(Precision.FP16),
  /** 32-bit floats of whose factors a GPU keeps 10 bits of fraction. */
  TF32(Precision.FP32),
  /** 32-bit floats. */
  FP32(Precision.FP32),
  /** 16-bit floats with 7 bits of fraction. */
  BF16(Precision.BF16);

  private final Precision precision;

  Arithmetic(Precision precision) {
    this.precision = precision;
  }

  /** What tensors are made of. */
  public Precision precision() {
    return precision;
  }

  /** Has libtorch compute so; the test is skipped on a device that cannot. */
  public void use(ComputeDevice device) {
    assumeTrue(device.cuda() || this != TF32, "a processor has no TF32");
    LibTorch.allowTf32(this == TF32);
  }
}
