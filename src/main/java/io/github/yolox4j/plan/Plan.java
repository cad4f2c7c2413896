package io.github.yolox4j.plan;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.ffi.dnnl.Primitive;
import io.github.yolox4j.ffi.dnnl.ThreadTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A network compiled for one input shape and a number of threads. Immutable; any number of threads
 * may run it at once, each in a {@link Workspace} of its own. Owns native memory until it is
 * closed, which must be after all its workspaces.
 */
public final class Plan implements AutoCloseable {

  private final Kernels kernels;
  private final InputShape shape;
  private final PlanOptions options;
  private final Placement placement;
  private final MemoryMap map;
  private final List<Step> steps;
  private final long scratchBytes;
  private final Arena arena = Arena.ofShared();

  /**
   * Compiles a network.
   *
   * @param kernels the network and its weights
   * @param shape the pictures
   * @param options how it computes
   * @throws UnsupportedPlanException if oneDNN has no code for some layer on this processor, or
   *     only slow code
   * @throws YoloxException if oneDNN cannot be used
   */
  public Plan(Kernels kernels, InputShape shape, PlanOptions options) {
    OneDnn.load();
    this.kernels = kernels;
    this.shape = shape;
    this.options = options;
    this.placement = new Placement(kernels.network(), options.winograd());
    List<Task> tasks = TaskOrder.of(placement);
    this.map = new MemoryMap(tasks, this::bytes);
    ThreadTeam.resize(threads());
    try {
      Compiler compiler = new Compiler(this);
      this.steps = tasks.stream().flatMap(task -> compiler.compile(task).stream()).toList();
    } catch (YoloxException e) {
      arena.close();
      throw new UnsupportedPlanException(e);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
    this.scratchBytes = steps.stream().mapToLong(Step::scratchBytes).max().orElse(0);
  }

  Kernels kernels() {
    return kernels;
  }

  /** {@return the shape of the input that the plan is made for} */
  public InputShape shape() {
    return shape;
  }

  /** The elements of the maps between layers. */
  ElementType type() {
    return options.maps();
  }

  /** The pictures' elements. */
  ElementType pictures() {
    return options.pictures();
  }

  ElementType type(Block block) {
    return block.prediction() ? ElementType.FLOAT : type();
  }

  int threads() {
    return options.threads();
  }

  Arena arena() {
    return arena;
  }

  /** Refuses a primitive for which oneDNN has only its plain loops. */
  Primitive optimised(Primitive primitive, String name) {
    if (primitive.unoptimised()) {
      throw new YoloxException(
          "oneDNN has only slow code (%s) for %s on this processor"
              .formatted(primitive.implementation(), name));
    }
    return primitive;
  }

  /** Native memory with constants, owned by the plan. */
  MemorySegment constant(float[] values) {
    MemorySegment memory =
        arena.allocate(MemoryMap.aligned((long) values.length * Float.BYTES), MemoryMap.ALIGNMENT);
    MemorySegment.copy(values, 0, memory, JAVA_FLOAT, 0, values.length);
    return memory;
  }

  // ---- memory

  long bytes(Block block) {
    return shape.pixels(block.stride()) * block.channels() * type(block).bytes();
  }

  long offset(Block block) {
    return map.offset(block);
  }

  Region region(int layer) {
    return placement.region(layer);
  }

  /** A region's memory from a number of bytes after its first element on. */
  MemorySegment at(Workspace workspace, Region region, long bytes) {
    long first = (long) region.first() * type(region.block()).bytes();
    return workspace.memory().asSlice(offset(region.block()) + first + bytes);
  }

  long mapBytes() {
    return map.bytes();
  }

  long scratchBytes() {
    return scratchBytes;
  }

  long pictureBytes() {
    return shape.pixels(1) * kernels.network().spec().inputChannels() * pictures().bytes();
  }

  // ---- running

  /**
   * Makes memory for runs.
   *
   * @return a workspace, owned by the caller
   */
  public Workspace workspace() {
    return new Workspace(this);
  }

  List<Runnable> bind(Workspace workspace) {
    List<Runnable> runs = new ArrayList<>(steps.size());
    steps.forEach(step -> runs.add(step.bind(workspace)));
    return runs;
  }

  /** Sets the calling thread's team to the size that the plan was made for. */
  void enter() {
    ThreadTeam.resize(threads());
  }

  /**
   * {@return how many floats a pixel of a predicted map has in memory, which may be more than the
   * map's own channels}
   *
   * @param layer the layer's position in the network
   */
  public int predictionChannels(int layer) {
    return region(layer).block().channels();
  }

  /** Frees the primitives; no workspace may be in use. */
  @Override
  public void close() {
    arena.close();
  }
}
