package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.InputScaling;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * {@link io.github.yolox4j.model.Layer.Standardise} through libtorch's C functions. Safe for use by
 * many threads.
 */
final class Standardisation implements AutoCloseable {

  private static final Operator FLIP = Operator.of("aten::flip(Tensor self, int[] dims) -> Tensor");
  private static final Operator DIVIDE =
      Operator.of("aten::div.Tensor(Tensor self, Tensor other) -> Tensor");

  private final Arena arena = Arena.ofShared();
  private final TensorHandle full = perChannel(List.of((double) InputScaling.FULL));
  private final TensorHandle mean = perChannel(InputScaling.MEAN);
  private final TensorHandle deviation = perChannel(InputScaling.DEVIATION);

  private TensorHandle perChannel(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return TensorHandle.of(arena, floats, 1, floats.length, 1, 1);
  }

  /** Scales float BGR pictures of [B, 3, H, W], 0 to 255; the result is the caller's. */
  TensorHandle apply(TensorHandle bgr, DType type) {
    try (TensorHandle rgb = FLIP.tensor(bgr, Value.ints(1));
        TensorHandle unit = DIVIDE.tensor(rgb, full);
        TensorHandle centred = unit.add(mean, -1);
        TensorHandle scaled = DIVIDE.tensor(centred, deviation)) {
      return Conversion.to(scaled, type);
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
