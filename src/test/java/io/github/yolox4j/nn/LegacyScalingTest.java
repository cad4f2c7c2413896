package io.github.yolox4j.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.yolox4j.Shared;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.image.Picture;
import io.github.yolox4j.tensor.Scope;
import io.github.yolox4j.tensor.Tensors;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class LegacyScalingTest {

  private static final int SIDE = 64;

  @Test
  void letterboxedPictureIsScaledAsTheReferenceDoes() {
    try (Weights figures = Weights.read(Shared.golden("sample_path.safetensors"));
        Arena arena = Arena.ofConfined();
        var _ = new Scope()) {
      WeightArray image = figures.arrays().get("image0");
      int height = (int) image.shape()[0];
      int width = (int) image.shape()[1];
      MemorySegment pixels = arena.allocate(3 * SIDE * SIDE);
      try (Picture picture = Picture.ofBgr(image.data(), width, height, 3L * width)) {
        new Letterbox(SIDE, SIDE).apply(picture.mat(), pixels, 3, false);
      }
      Tensor bgr =
          Tensors.view(
              pixels,
              ScalarType.Byte,
              new long[] {1, 3, SIDE, SIDE},
              new long[] {3 * SIDE * SIDE, 1, 3 * SIDE, 3});
      Tensor scaled = PictureLayers.standardise(bgr.to(ScalarType.Float)).contiguous();
      float[] found = Tensors.bytes(scaled).toArray(ValueLayout.JAVA_FLOAT);
      assertArrayEquals(figures.arrays().get("legacy_preproc").toFloats(), found, 1e-6f);
    }
  }
}
