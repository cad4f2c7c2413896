package io.github.yolox4j.ffi.dnnl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An operation that oneDNN has compiled for given shapes, layouts and as many threads as the
 * calling thread had when it was made. Valid until the arena it was made with is closed; may run on
 * many threads at once, each with a scratchpad of its own.
 */
public final class Primitive {

  private static final int WEIGHTS_LAYOUT = 131;
  private static final int SCRATCHPAD_LAYOUT = 136;
  private static final int IMPLEMENTATION = 8;

  private final MemorySegment handle;
  private final String implementation;
  private final TensorLayout weights; // null where there are none
  private final TensorLayout scratchpad;

  private Primitive(
      MemorySegment handle, String implementation, TensorLayout weights, TensorLayout scratchpad) {
    this.handle = handle;
    this.implementation = implementation;
    this.weights = weights;
    this.scratchpad = scratchpad;
  }

  /** A tensor's part in an operation. */
  public enum Argument {
    /** What is read. */
    SOURCE(1),
    /** The second operand. */
    SECOND_SOURCE(2),
    /** What is written. */
    TARGET(17),
    /** The weights. */
    WEIGHTS(33),
    /** The bias. */
    BIAS(41),
    /** Memory for intermediate results. */
    SCRATCHPAD(80);

    private final int code;

    Argument(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /**
   * Compiles an operation.
   *
   * @param arena owns the primitive
   * @param operation what is to be done with which layouts
   * @return the primitive
   * @throws YoloxException if oneDNN cannot
   */
  public static Primitive compile(Arena arena, PrimitiveOperation operation) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment attributes = operation.attributes().create(local);
      MemorySegment descriptor =
          Handles.create(
              local,
              operation.purpose(),
              Calls.DESCRIPTOR_DESTROY,
              result -> operation.describe(local, attributes, result));
      MemorySegment primitive =
          Handles.create(
              arena,
              "compile a primitive",
              Calls.PRIMITIVE_DESTROY,
              result -> (int) Calls.PRIMITIVE.invokeExact(result, descriptor));
      return new Primitive(
          primitive,
          implementation(descriptor),
          layout(arena, descriptor, WEIGHTS_LAYOUT),
          layout(arena, descriptor, SCRATCHPAD_LAYOUT));
    }
  }

  private static TensorLayout layout(Arena arena, MemorySegment descriptor, int which) {
    try {
      return TensorLayout.copyOf(
          arena, (MemorySegment) Calls.DESCRIPTOR_LAYOUT.invokeExact(descriptor, which, 0));
    } catch (Throwable e) {
      throw Downcall.failure(e);
    }
  }

  private static String implementation(MemorySegment descriptor) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment name = local.allocate(ADDRESS);
      Handles.check(
          "name a primitive",
          () -> (int) Calls.DESCRIPTOR_QUERY.invokeExact(descriptor, IMPLEMENTATION, 0, name));
      return Handles.string(name.get(ADDRESS, 0));
    }
  }

  /** {@return oneDNN's name of the code that runs, for example {@code brg_conv_fwd:avx2}} */
  public String implementation() {
    return implementation;
  }

  /**
   * Tells whether oneDNN has only its plain loops for this, which take 10 to 1000 times as long.
   *
   * @return whether it is better not to run it
   */
  public boolean unoptimised() {
    return implementation.startsWith("ref");
  }

  /** {@return the layout in which the weights are read, valid as long as this} */
  public TensorLayout weights() {
    return weights;
  }

  /** {@return the memory that a run needs for intermediate results, in bytes} */
  public long scratchpadBytes() {
    return scratchpad.bytes();
  }

  TensorLayout scratchpad() {
    return scratchpad;
  }

  MemorySegment handle() {
    return handle;
  }

  /**
   * Begins to tie this to memory.
   *
   * @param arena owns the result, and must be closed before this primitive's
   * @return a builder
   */
  public Execution.Builder bind(Arena arena) {
    return new Execution.Builder(this, arena);
  }
}
