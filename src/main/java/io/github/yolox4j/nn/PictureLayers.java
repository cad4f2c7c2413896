package io.github.yolox4j.nn;

import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What becomes of a picture before the first convolution. Results are the caller's. */
final class PictureLayers {

  private PictureLayers() {}

  /** [B, C, H, W] to [B, 4 C, H/2, W/2]. */
  static Tensor spaceToDepth(Tensor x) {
    try (Tensor topLeft = everySecond(x, 0, 0);
        Tensor bottomLeft = everySecond(x, 1, 0);
        Tensor topRight = everySecond(x, 0, 1);
        Tensor bottomRight = everySecond(x, 1, 1);
        TensorVector pixels = new TensorVector(topLeft, bottomLeft, topRight, bottomRight)) {
      return torch.cat(pixels, 1);
    }
  }

  private static Tensor everySecond(Tensor x, int firstRow, int firstColumn) {
    try (LongOptional row = new LongOptional(firstRow);
        LongOptional column = new LongOptional(firstColumn);
        LongOptional end = new LongOptional();
        Tensor rows = x.slice(2, row, end, 2)) {
      return rows.slice(3, column, end, 2);
    }
  }

  /** BGR pictures from 0 to 255 as {@link InputScaling#LEGACY} says; computed in 32 bits. */
  static Tensor standardise(Tensor picture) {
    try (Scope scope = new Scope()) {
      Tensor bgr = picture.to(ScalarType.Float);
      Tensor mean = like(bgr, InputScaling.MEAN);
      Tensor deviation = like(bgr, InputScaling.DEVIATION);
      Tensor full = like(bgr, List.of((double) InputScaling.FULL));
      Tensor scaled = bgr.flip(1).div(full).sub(mean).div(deviation);
      return scope.handOut(scaled.contiguous(MemoryFormat.ChannelsLast).to(Tensors.type(picture)));
    }
  }

  private static Tensor like(Tensor reference, List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return Tensors.of(floats, 1, floats.length, 1, 1).to(reference);
  }
}
