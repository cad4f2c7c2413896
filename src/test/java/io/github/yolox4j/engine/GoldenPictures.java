package io.github.yolox4j.engine;

import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** What engines are tested on, and their results in the reference's layout. */
final class GoldenPictures {

  static final int BATCH = 2;
  static final int HEIGHT = 64;
  static final int WIDTH = 96;
  private static final int CHANNELS = 3;

  private GoldenPictures() {}

  /** The reference's pictures, [batch, height, width, channels]. */
  static MemorySegment in(Arena arena) {
    int plane = HEIGHT * WIDTH;
    float[] planar = ReferenceInputs.values(1_000_000, (long) BATCH * CHANNELS * plane, 0, 255);
    float[] packed = new float[planar.length];
    for (int i = 0; i < packed.length; i++) {
      int picture = i / (CHANNELS * plane);
      int point = i / CHANNELS % plane;
      packed[i] = planar[(picture * CHANNELS + i % CHANNELS) * plane + point];
    }
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, packed);
  }

  /** Pictures of bytes of the same size. */
  static MemorySegment bytes(Arena arena) {
    byte[] bytes = new byte[BATCH * HEIGHT * WIDTH * CHANNELS];
    new SplittableRandom(1).nextBytes(bytes);
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }

  /**
   * Predictions as the reference's raw output: [picture, cell, box values, objectness, classes],
   * the last two as probabilities.
   */
  static float[] raw(Predictions predictions, ModelSpec spec) {
    float[] raw = logits(predictions, BATCH, spec);
    int row = 5 + spec.classes();
    for (int i = 0; i < raw.length; i++) {
      raw[i] = i % row < 4 ? raw[i] : sigmoid(raw[i]);
    }
    return raw;
  }

  /** [picture, cell, box values, objectness, classes] as they are. */
  static float[] logits(Predictions predictions, int batch, ModelSpec spec) {
    int row = 5 + spec.classes();
    int cells = predictions.grid().size();
    float[] all = new float[batch * cells * row];
    for (int picture = 0; picture < batch; picture++) {
      int before = picture * cells;
      predictions.visit(
          picture,
          Float.NEGATIVE_INFINITY,
          (level, cell, objectness, box, classes) -> {
            int to = (before + level.first() + cell) * row;
            System.arraycopy(box, 0, all, to, 4);
            all[to + 4] = objectness;
            System.arraycopy(classes, 0, all, to + 5, classes.length);
          });
    }
    return all;
  }

  private static float sigmoid(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
