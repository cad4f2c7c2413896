package io.github.yolox4j.ffi.dnnl;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How a tensor lies in memory: element type, dimensions and strides, or a layout of oneDNN's own
 * choice. Valid until the arena it was made with is closed; safe for use by many threads.
 */
public final class TensorLayout {

  private static final int ANY_TAG = 1;

  private final MemorySegment handle;

  private TensorLayout(MemorySegment handle) {
    this.handle = handle;
  }

  /**
   * Describes a tensor by its strides.
   *
   * @param arena owns the description
   * @param type the elements
   * @param dimensions the lengths in oneDNN's logical order, such as batch, channels, height, width
   * @param strides the distances between neighbours, in elements
   * @return the layout
   */
  public static TensorLayout strided(
      Arena arena, ElementType type, long[] dimensions, long[] strides) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment lengths = Handles.dimensions(local, dimensions);
      MemorySegment distances = Handles.dimensions(local, strides);
      return new TensorLayout(
          Handles.create(
              arena,
              "describe a tensor",
              Calls.LAYOUT_DESTROY,
              result ->
                  (int)
                      Calls.LAYOUT_WITH_STRIDES.invokeExact(
                          result, dimensions.length, lengths, type.code(), distances)));
    }
  }

  /**
   * Describes a tensor whose elements lie in row-major order of its dimensions.
   *
   * @param arena owns the description
   * @param type the elements
   * @param dimensions the lengths
   * @return the layout
   */
  public static TensorLayout rowMajor(Arena arena, ElementType type, long... dimensions) {
    long[] strides = new long[dimensions.length];
    long stride = 1;
    for (int i = dimensions.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dimensions[i];
    }
    return strided(arena, type, dimensions, strides);
  }

  /**
   * Describes weights whose layout the primitive that reads them chooses.
   *
   * @param arena owns the description
   * @param type the elements
   * @param dimensions the lengths
   * @return the layout, for making a primitive only
   */
  public static TensorLayout chosenByReader(Arena arena, ElementType type, long... dimensions) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment lengths = Handles.dimensions(local, dimensions);
      return new TensorLayout(
          Handles.create(
              arena,
              "describe weights",
              Calls.LAYOUT_DESTROY,
              result ->
                  (int)
                      Calls.LAYOUT_WITH_TAG.invokeExact(
                          result, dimensions.length, lengths, type.code(), ANY_TAG)));
    }
  }

  /**
   * Describes the same for another arena.
   *
   * @param arena owns the copy
   * @return an equal layout
   */
  public TensorLayout copy(Arena arena) {
    return copyOf(arena, handle);
  }

  /** Copies a description that a primitive owns. */
  static TensorLayout copyOf(Arena arena, MemorySegment owned) {
    return new TensorLayout(
        Handles.create(
            arena,
            "copy a tensor's description",
            Calls.LAYOUT_DESTROY,
            result -> (int) Calls.LAYOUT_CLONE.invokeExact(result, owned)));
  }

  /** {@return the memory that the tensor takes, in bytes} */
  public long bytes() {
    try {
      return (long) Calls.LAYOUT_BYTES.invokeExact(handle);
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  /**
   * Tells whether two tensors lie in memory alike.
   *
   * @param other another layout
   * @return true if what is written with one can be read with the other
   */
  public boolean sameAs(TensorLayout other) {
    return Handles.call(() -> (int) Calls.LAYOUT_EQUAL.invokeExact(handle, other.handle)) != 0;
  }

  /**
   * Copies a tensor into another layout, converting its elements.
   *
   * @param from native memory in this layout
   * @param target the other layout
   * @param to native memory of {@code target.bytes()}, aligned to 64 bytes
   * @throws YoloxException if oneDNN cannot
   */
  public void convert(MemorySegment from, TensorLayout target, MemorySegment to) {
    try (Arena local = Arena.ofConfined()) {
      Primitive reorder = Primitive.compile(local, new Reorder(this, target));
      reorder
          .bind(local)
          .with(Primitive.Argument.SOURCE, this, from)
          .with(Primitive.Argument.TARGET, target, to)
          .build()
          .run();
    }
  }

  MemorySegment handle() {
    return handle;
  }

  /** oneDNN's memory object: this layout at an address. */
  MemorySegment at(Arena arena, MemorySegment data) {
    MemorySegment memory =
        Handles.create(
            arena,
            "place a tensor",
            Calls.MEMORY_DESTROY,
            result -> (int) Calls.MEMORY.invokeExact(result, handle, OneDnn.engine(), data));
    return memory;
  }
}
