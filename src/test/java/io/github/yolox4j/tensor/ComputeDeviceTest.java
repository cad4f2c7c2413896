package io.github.yolox4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.yolox4j.Arithmetic;
import io.github.yolox4j.DeviceUnderTest;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ComputeDeviceTest {

  private static final int SIDE = 256;

  @Test
  void processorMultiplies() {
    multiply(ComputeDevice.CPU);
  }

  @Tag("gpu")
  @Test
  void deviceMultiplies() {
    multiply(DeviceUnderTest.get());
  }

  /** Of whole numbers, so that every order of summation gives the same. */
  private static void multiply(ComputeDevice device) {
    Arithmetic.FP32.use(device);
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 7 % 13 - 6;
    }
    double[] expected = new double[values.length];
    for (int i = 0; i < expected.length; i++) {
      for (int k = 0; k < SIDE; k++) {
        expected[i] += values[i / SIDE * SIDE + k] * values[k * SIDE + i % SIDE];
      }
    }
    try (var _ = new Scope()) {
      Tensor matrix = Tensors.of(values, SIDE, SIDE);
      Tensor there = matrix.to(device.toTorch(), Tensors.type(matrix));
      assertArrayEquals(expected, Tensors.toDoubles(there.mm(there)));
    }
  }
}
