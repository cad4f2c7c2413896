package io.github.yolox4j.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.yolox4j.LiveNatives;
import io.github.yolox4j.model.Activation;
import io.github.yolox4j.model.Convolution;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.LibTorch;
import io.github.yolox4j.tensor.Scope;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightGradientsTest {

  /** Sums of up to 800 products in 64 bits, in another order. */
  private static final double TOLERANCE = 1e-14;

  @ParameterizedTest
  @CsvSource({
    "3, 1, 16, 24, 20, 20, 1",
    "3, 2, 16, 24, 20, 20, 1",
    "3, 2, 16, 24, 20, 20, 2",
    "3, 2, 5, 7, 9, 13, 2",
    "3, 1, 5, 7, 1, 1, 2",
    "5, 1, 3, 4, 11, 8, 2",
    "5, 2, 3, 4, 11, 8, 1"
  })
  void areAutogradsForEveryKernelStrideAndSize(
      int kernel, int stride, int inputs, int outputs, int height, int width, int threads) {
    LibTorch.load();
    int before = LibTorch.threads();
    IntraOpThreads.set(threads);
    long live = LiveNatives.count();
    try (var _ = new Scope()) {
      BaseConvModule block =
          new BaseConvModule(
              new Convolution(
                  "test", inputs, outputs, kernel, stride, 1, Optional.of(Activation.SILU)),
              false);
      block.to(ScalarType.Double, false);
      Tensor input =
          torch
              .randn(2, inputs, height, width)
              .to(ScalarType.Double)
              .contiguous(MemoryFormat.ChannelsLast)
              .requires_grad_(true);
      ConvolutionTape tape = new ConvolutionTape();
      Tensor output = tape.record(() -> block.forward(input));
      ConvolutionTape.Entry entry = tape.entries().getFirst();
      TensorVector gradients =
          torch.grad(
              new TensorVector(output.mul(torch.randn_like(output)).sum()),
              new TensorVector(entry.output(), entry.weight()));
      try (NoGradGuard _ = new NoGradGuard()) {
        Tensor expected = gradients.get(1);
        Tensor actual = WeightGradients.of(tape.entries(), List.of(gradients.get(0))).getFirst();

        double difference = actual.sub(expected).abs().max().item_double();
        assertEquals(0, difference / expected.abs().max().item_double(), TOLERANCE);
      }
    } finally {
      IntraOpThreads.set(before);
    }
    LiveNatives.assertNoneLeftSince(live);
  }
}
