package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A primitive tied to the memory that it reads and writes. For one thread at a time; valid until
 * the arena it was made with is closed.
 */
public final class Execution {

  private static final int DEFAULT_FLAGS = 1;
  private static final long ENTRY_BYTES = 16;
  private static final long ENTRY_ADDRESS = 8;

  private final MemorySegment primitive;
  private final MemorySegment stream;
  private final int count;
  private final MemorySegment entries;
  private final String implementation;

  private Execution(Builder builder) {
    this.primitive = builder.primitive.handle();
    this.implementation = builder.primitive.implementation();
    this.count = builder.memories.size();
    this.entries = builder.arena.allocate(ENTRY_BYTES * count, ENTRY_ADDRESS);
    for (int i = 0; i < count; i++) {
      entries.set(JAVA_INT, ENTRY_BYTES * i, builder.codes.get(i));
      entries.set(ADDRESS, ENTRY_BYTES * i + ENTRY_ADDRESS, builder.memories.get(i));
    }
    // oneDNN runs on the calling thread and its team, so the stream has no state
    this.stream =
        Handles.create(
            builder.arena,
            "make a stream",
            Calls.STREAM_DESTROY,
            result -> (int) Calls.STREAM.invokeExact(result, OneDnn.engine(), DEFAULT_FLAGS));
  }

  /** Runs and returns when the result is there. */
  public void run() {
    int status;
    try {
      status = (int) Calls.EXECUTE.invokeExact(primitive, stream, count, entries);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
    if (!Handles.succeeded(status)) {
      throw new YoloxException(
          "oneDNN's %s failed with status %d".formatted(implementation, status));
    }
  }

  /** Collects the tensors of an execution. */
  public static final class Builder {

    private final Primitive primitive;
    private final Arena arena;
    private final List<Integer> codes = new ArrayList<>();
    private final List<MemorySegment> memories = new ArrayList<>();

    Builder(Primitive primitive, Arena arena) {
      this.primitive = primitive;
      this.arena = arena;
    }

    /**
     * Adds a tensor.
     *
     * @param argument its part in the operation
     * @param layout how it lies in memory
     * @param data native memory that outlives the execution, from the tensor's first element on
     * @return this
     */
    public Builder with(Primitive.Argument argument, TensorLayout layout, MemorySegment data) {
      codes.add(argument.code());
      memories.add(layout.at(arena, data));
      return this;
    }

    /**
     * Adds the memory for intermediate results.
     *
     * @param data native memory of at least {@link Primitive#scratchpadBytes()}, aligned to 64
     *     bytes; may be shared with executions that do not run at the same time
     * @return this
     */
    public Builder withScratchpad(MemorySegment data) {
      return primitive.scratchpadBytes() == 0
          ? this
          : with(Primitive.Argument.SCRATCHPAD, primitive.scratchpad(), data);
    }

    /**
     * Ties the primitive to the tensors.
     *
     * @return the execution
     */
    public Execution build() {
      return new Execution(this);
    }
  }
}
