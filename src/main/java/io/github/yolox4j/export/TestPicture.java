package io.github.yolox4j.export;

import io.github.yolox4j.model.ModelSpec;
import java.util.SplittableRandom;

/**
 * Noise of a model's input size, on which an exported model and the engine must agree.
 *
 * @param height pixels
 * @param width pixels
 * @param channels of the model
 * @param pixels [H, W, C]
 */
@SuppressWarnings("ArrayRecordComponent") // what engines copy from
record TestPicture(int height, int width, int channels, byte[] pixels) {

  private static final long SEED = 1;

  static TestPicture of(ModelSpec spec) {
    int height = spec.inputHeight();
    int width = spec.inputWidth();
    byte[] pixels =
        new byte[Math.multiplyExact(Math.multiplyExact(height, width), spec.inputChannels())];
    new SplittableRandom(SEED).nextBytes(pixels);
    return new TestPicture(height, width, spec.inputChannels(), pixels);
  }

  /** The same as floats, [C, H, W]. */
  float[] planes() {
    float[] planes = new float[pixels.length];
    int points = height * width;
    for (int i = 0; i < planes.length; i++) {
      planes[i % channels * points + i / channels] = Byte.toUnsignedInt(pixels[i]);
    }
    return planes;
  }
}
