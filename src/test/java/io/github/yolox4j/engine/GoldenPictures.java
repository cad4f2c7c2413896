package io.github.yolox4j.engine;

import io.github.yolox4j.ReferenceInputs;
import io.github.yolox4j.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
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
   * The levels' maps as the reference's raw output: [picture, anchor point, box values, objectness,
   * classes], the last two as probabilities.
   */
  static float[] raw(List<LevelMap> levels, ModelSpec spec) {
    int row = 5 + spec.classes();
    int points = levels.stream().mapToInt(LevelMap::points).sum();
    float[] raw = new float[BATCH * points * row];
    int first = 0;
    for (LevelMap level : levels) {
      float[] box = new float[4];
      float[] classes = new float[spec.classes()];
      for (int b = 0; b < BATCH; b++) {
        for (int p = 0; p < level.points(); p++) {
          int from = b * level.points() + p;
          int to = (b * points + first + p) * row;
          level.boxes().read(from, box);
          level.classes().read(from, classes);
          System.arraycopy(box, 0, raw, to, 4);
          raw[to + 4] = sigmoid(level.objectness().first(from));
          for (int c = 0; c < spec.classes(); c++) {
            raw[to + 5 + c] = sigmoid(classes[c]);
          }
        }
      }
      first += level.points();
    }
    return raw;
  }

  private static float sigmoid(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
