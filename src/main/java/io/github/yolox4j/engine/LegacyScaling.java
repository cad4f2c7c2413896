package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * What {@link InputScaling#LEGACY} does, through libtorch's C functions. Safe for use by many
 * threads.
 */
final class LegacyScaling implements AutoCloseable {

  /** ImageNet's, for red, green and blue. */
  static final float[] MEAN = {0.485f, 0.456f, 0.406f};

  static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  private static final Operator FLIP = Operator.of("aten::flip(Tensor self, int[] dims) -> Tensor");
  private static final Operator DIVIDE =
      Operator.of("aten::div.Tensor(Tensor self, Tensor other) -> Tensor");

  private final Arena arena = Arena.ofShared();
  private final TensorHandle full = perChannel(255f);
  private final TensorHandle mean = perChannel(MEAN);
  private final TensorHandle deviation = perChannel(DEVIATION);

  private TensorHandle perChannel(float... values) {
    return TensorHandle.view(
        arena.allocateFrom(ValueLayout.JAVA_FLOAT, values),
        DType.FLOAT32,
        new long[] {1, values.length, 1, 1},
        new long[] {values.length, 1, 1, 1});
  }

  /** Scales float BGR pictures of [B, 3, H, W], 0 to 255; the result is the caller's. */
  TensorHandle apply(TensorHandle bgr) {
    try (TensorHandle rgb = FLIP.tensor(bgr, Value.ints(1));
        TensorHandle unit = DIVIDE.tensor(rgb, full);
        TensorHandle centred = unit.add(mean, -1)) {
      return DIVIDE.tensor(centred, deviation);
    }
  }

  @Override
  public void close() {
    full.close();
    mean.close();
    deviation.close();
    arena.close();
  }
}
