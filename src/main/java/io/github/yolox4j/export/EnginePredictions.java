package io.github.yolox4j.export;

import io.github.yolox4j.engine.Engine;
import io.github.yolox4j.engine.LevelMap;
import io.github.yolox4j.engine.Pass;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What an engine predicts, laid out as exported models give it back. */
final class EnginePredictions {

  private EnginePredictions() {}

  /**
   * Runs an engine.
   *
   * @param pixels [B, H, W, C], BGR
   * @param decoded whether boxes become pixels
   * @return [B, A, 5 + classes]
   */
  static float[] of(
      Engine engine, byte[] pixels, int batch, int height, int width, boolean decoded) {
    try (Pass pass = engine.begin(batch, height, width)) {
      MemorySegment.copy(MemorySegment.ofArray(pixels), 0, pass.pixels(), 0, pixels.length);
      return join(pass.run(), batch, engine.spec().classes(), decoded);
    }
  }

  private static float[] join(List<LevelMap> levels, int batch, int classes, boolean decoded) {
    int points = levels.stream().mapToInt(LevelMap::points).sum();
    int length = 5 + classes;
    float[] rows = new float[batch * points * length];
    float[] box = new float[4];
    float[] logits = new float[classes];
    int before = 0;
    for (LevelMap level : levels) {
      for (int from = 0; from < batch * level.points(); from++) {
        int picture = from / level.points();
        int point = from % level.points();
        int at = (picture * points + before + point) * length;
        level.boxes().read(from, box);
        if (decoded) {
          level.grid().decode(point, box);
        }
        System.arraycopy(box, 0, rows, at, box.length);
        rows[at + 4] = LevelMap.probability(level.objectness().first(from));
        level.classes().read(from, logits);
        for (int c = 0; c < classes; c++) {
          rows[at + 5 + c] = LevelMap.probability(logits[c]);
        }
      }
      before += level.points();
    }
    return rows;
  }
}
