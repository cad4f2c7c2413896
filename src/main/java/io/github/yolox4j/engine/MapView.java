package io.github.yolox4j.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Floats that a network predicts for every cell of a grid, read where they lie in native memory:
 * [picture, row, column, channel].
 *
 * @param data the memory, from the first cell's first channel on
 * @param channels the channels
 * @param pitch the floats from a cell to the next, at least the channels
 */
record MapView(MemorySegment data, int channels, int pitch) {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** A view of some neighbouring channels. */
  MapView part(int first, int count) {
    return new MapView(data.asSlice((long) first * Float.BYTES), count, pitch);
  }

  /** The first channel of a cell, counted through the pictures of the batch. */
  float first(long cell) {
    return data.get(FLOAT, cell * pitch * Float.BYTES);
  }

  /** All channels of a cell, counted through the pictures of the batch. */
  void read(long cell, float[] values) {
    MemorySegment.copy(data, FLOAT, cell * pitch * Float.BYTES, values, 0, channels);
  }
}
