package io.github.yolox4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Where blocks lie in one piece of memory. Blocks that are never needed at the same time share it.
 */
final class MemoryMap {

  /** A cache line, and what the primitives want. */
  static final int ALIGNMENT = 64;

  private final Map<Block, Long> offsets = new LinkedHashMap<>();
  private long bytes;

  /** A block's memory and the tasks during which it is needed. */
  private static final class Span {
    final Block block;
    final long bytes;
    final int first;
    int last;
    long offset;

    Span(Block block, long bytes, int first) {
      this.block = block;
      this.bytes = bytes;
      this.first = first;
      this.last = block.prediction() ? Integer.MAX_VALUE : first;
    }

    boolean collides(Span other) {
      return first <= other.last
          && other.first <= last
          && offset < other.offset + other.bytes
          && other.offset < offset + bytes;
    }
  }

  /**
   * Lays out the blocks of some tasks.
   *
   * @param tasks in the order in which they run
   * @param size a block's bytes
   */
  MemoryMap(List<Task> tasks, ToLongFunction<Block> size) {
    Map<Block, Span> spans = new LinkedHashMap<>();
    for (int i = 0; i < tasks.size(); i++) {
      int now = i;
      Task task = tasks.get(i);
      List<Region> touched = new ArrayList<>(task.sources());
      touched.add(task.target());
      for (Region region : touched) {
        Span span =
            spans.computeIfAbsent(
                region.block(), block -> new Span(block, aligned(size.applyAsLong(block)), now));
        span.last = Math.max(span.last, i);
      }
    }
    List<Span> largestFirst = new ArrayList<>(spans.values());
    largestFirst.sort(Comparator.comparingLong((Span span) -> span.bytes).reversed());
    List<Span> laid = new ArrayList<>();
    for (Span span : largestFirst) {
      lay(span, laid);
      laid.add(span);
      offsets.put(span.block, span.offset);
      bytes = Math.max(bytes, span.offset + span.bytes);
    }
  }

  /** Moves a block behind every one in its way until none is. */
  private static void lay(Span span, List<Span> laid) {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Span other : laid) {
        if (span.collides(other)) {
          span.offset = other.offset + other.bytes;
          moved = true;
        }
      }
    }
  }

  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Where a block starts, in bytes. */
  long offset(Block block) {
    return offsets.get(block);
  }

  /** All memory, in bytes. */
  long bytes() {
    return bytes;
  }
}
