package io.github.yolox4j.proof;

import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Multiplies two matrices on the device, as the first thing that is computed at all. */
final class LoadCheck {

  private static final int SIDE = 256;

  private LoadCheck() {}

  static List<Item> items(Subject subject) {
    return List.of(new Item("matrix product", () -> product(subject.device())));
  }

  private static Finding product(ComputeDevice device) {
    Arithmetic.FP32.allow();
    try (var _ = new Scope()) {
      // whole numbers, so that every order of summation gives the same
      float[] values = new float[SIDE * SIDE];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * 7 % 13 - 6;
      }
      Tensor matrix = Tensors.of(values, SIDE, SIDE);
      double[] expected = Tensors.toDoubles(matrix.mm(matrix));
      Tensor there = matrix.to(device.toTorch(), Tensors.type(matrix));
      Comparison comparison = new Comparison();
      comparison.addAll("product", expected, Tensors.toDoubles(there.mm(there)), 0);
      return comparison.finding();
    }
  }
}
