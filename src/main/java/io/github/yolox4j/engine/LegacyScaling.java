package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.Operator;
import io.github.yolox4j.ffi.torch.TensorHandle;
import io.github.yolox4j.ffi.torch.Value;
import io.github.yolox4j.model.InputScaling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * What {@link InputScaling#LEGACY} does, through libtorch's C functions. Safe for use by many
 * threads.
 */
final class LegacyScaling implements AutoCloseable {

  private static final Operator FLIP = Operator.of("aten::flip(Tensor self, int[] dims) -> Tensor");
  private static final Operator DIVIDE =
      Operator.of("aten::div.Tensor(Tensor self, Tensor other) -> Tensor");

  private final Arena arena = Arena.ofShared();
  private final TensorHandle full = perChannel(List.of((double) InputScaling.FULL));
  private final TensorHandle mean = perChannel(InputScaling.MEAN);
  private final TensorHandle deviation = perChannel(InputScaling.DEVIATION);

  private TensorHandle perChannel(List<Double> values) {
    int channels = values.size();
    MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, channels);
    for (int i = 0; i < channels; i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, values.get(i).floatValue());
    }
    return TensorHandle.view(
        floats, DType.FLOAT32, new long[] {1, channels, 1, 1}, new long[] {channels, 1, 1, 1});
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
