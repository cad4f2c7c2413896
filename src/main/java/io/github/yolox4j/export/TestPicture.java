package io.github.yolox4j.export;

import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.InferenceRequest;
import io.github.yolox4j.engine.Predictions;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.Arithmetic;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.model.Prediction;
import java.lang.foreign.MemorySegment;
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

  /** What an engine predicts, as exported models give it back: [cells, 5 + classes]. */
  float[] predictions(Engine engine, boolean decoded) {
    try (InferenceRequest request = engine.request(1, height, width)) {
      MemorySegment.copy(MemorySegment.ofArray(pixels), 0, request.pixels(), 0, pixels.length);
      Predictions predictions = request.run(0);
      AnchorGrid grid = predictions.grid();
      int length = Prediction.BOX + 1 + engine.spec().classes();
      float[] rows = new float[grid.size() * length];
      predictions.visit(
          0,
          Float.NEGATIVE_INFINITY,
          (level, cell, objectness, box, classes) -> {
            if (decoded) {
              level.decode(cell, box);
            }
            int at = (level.first() + cell) * length;
            System.arraycopy(box, 0, rows, at, box.length);
            at += box.length;
            rows[at++] = Arithmetic.probability(objectness);
            for (float logit : classes) {
              rows[at++] = Arithmetic.probability(logit);
            }
          });
      return rows;
    }
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
