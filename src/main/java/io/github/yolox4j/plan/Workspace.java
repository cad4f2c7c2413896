package io.github.yolox4j.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The memory of one run of a plan at a time. Used by one thread at a time; closed by its plan's
 * owner.
 */
public final class Workspace implements AutoCloseable {

  private final Plan plan;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final MemorySegment pixels;
  private final List<Runnable> runs;

  Workspace(Plan plan) {
    this.plan = plan;
    try {
      this.memory = arena.allocate(plan.mapBytes() + plan.scratchBytes(), MemoryMap.ALIGNMENT);
      this.pixels = arena.allocate(plan.pictureBytes(), MemoryMap.ALIGNMENT);
      this.runs = plan.bind(this);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Owns what steps make for this workspace. */
  Arena arena() {
    return arena;
  }

  /** All maps, then the scratch memory. */
  MemorySegment memory() {
    return memory;
  }

  /** Where the scratch memory starts in {@link #memory}. */
  long scratch() {
    return plan.mapBytes();
  }

  MemorySegment scratchMemory() {
    return memory.asSlice(scratch());
  }

  /**
   * {@return where the pictures go: native memory, [batch, height, width, channels], BGR; valid
   * until this is closed}
   */
  public MemorySegment pixels() {
    return pixels;
  }

  /** Runs the network; its predictions stay in {@link #prediction} until the next run. */
  public void run() {
    plan.enter();
    for (Runnable run : runs) {
      run.run();
    }
  }

  /**
   * {@return the memory of a map that the network predicts, floats: [picture, row, column,
   * channel], where a pixel has all the channels of {@link Plan#predictionChannels}; valid until
   * this is closed}
   *
   * @param layer the layer's position in the network
   */
  public MemorySegment prediction(int layer) {
    Region region = plan.region(layer);
    long bytes = plan.bytes(region.block());
    long skipped = (long) region.first() * Float.BYTES;
    return memory.asSlice(plan.offset(region.block()) + skipped, bytes - skipped);
  }

  /** Frees the memory; must not be running. */
  @Override
  public void close() {
    arena.close();
  }
}
