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

  private static final int FORWARD_INFERENCE = 96;
  private static final int DIRECT = 1;
  private static final int MAX = 511;
  private static final int SUBTRACT = 131061;
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
   * Compiles a convolution of square kernels.
   *
   * @param arena owns the primitive
   * @param source [batch, inputs, height, width]
   * @param weights [outputs, inputs, kernel, kernel], or [groups, outputs, inputs, kernel, kernel]
   *     divided by groups
   * @param bias [outputs]
   * @param target [batch, outputs, height / stride, width / stride]
   * @param stride the step in both directions
   * @param padding zeros around the source on all sides
   * @param attributes what becomes of the result
   * @return the primitive
   * @throws YoloxException if oneDNN cannot
   */
  public static Primitive convolution(
      Arena arena,
      TensorLayout source,
      TensorLayout weights,
      TensorLayout bias,
      TensorLayout target,
      int stride,
      int padding,
      Attributes attributes) {
    return compile(
        arena,
        "plan a convolution",
        attributes,
        (local, extras, result) -> {
          MemorySegment around = Handles.dimensions(local, padding, padding);
          return (int)
              Calls.CONVOLUTION.invokeExact(
                  result,
                  OneDnn.engine(),
                  FORWARD_INFERENCE,
                  DIRECT,
                  source.handle(),
                  weights.handle(),
                  bias.handle(),
                  target.handle(),
                  Handles.dimensions(local, stride, stride),
                  Handles.dimensions(local, 0, 0),
                  around,
                  around,
                  extras);
        });
  }

  /**
   * Compiles a product of matrices, or of as many pairs of them as the first of three dimensions
   * says.
   *
   * @param arena owns the primitive
   * @param source [rows, inner]
   * @param weights [inner, columns]
   * @param bias [1, columns]; null for none
   * @param target [rows, columns]
   * @param attributes what becomes of the result
   * @return the primitive
   * @throws YoloxException if oneDNN cannot
   */
  public static Primitive product(
      Arena arena,
      TensorLayout source,
      TensorLayout weights,
      TensorLayout bias,
      TensorLayout target,
      Attributes attributes) {
    MemorySegment shift = bias == null ? MemorySegment.NULL : bias.handle();
    return compile(
        arena,
        "plan a matrix product",
        attributes,
        (_, extras, result) ->
            (int)
                Calls.MATMUL.invokeExact(
                    result,
                    OneDnn.engine(),
                    source.handle(),
                    weights.handle(),
                    shift,
                    target.handle(),
                    extras));
  }

  /**
   * Compiles max-pooling with stride 1 that keeps the size.
   *
   * @param arena owns the primitive
   * @param source [batch, channels, height, width]
   * @param target of the same shape
   * @param kernel side of the window, odd
   * @return the primitive
   * @throws YoloxException if oneDNN cannot
   */
  public static Primitive maxPool(
      Arena arena, TensorLayout source, TensorLayout target, int kernel) {
    return compile(
        arena,
        "plan max-pooling",
        Attributes.NONE,
        (local, extras, result) -> {
          MemorySegment around = Handles.dimensions(local, kernel / 2, kernel / 2);
          return (int)
              Calls.POOLING.invokeExact(
                  result,
                  OneDnn.engine(),
                  FORWARD_INFERENCE,
                  MAX,
                  source.handle(),
                  target.handle(),
                  Handles.dimensions(local, 1, 1),
                  Handles.dimensions(local, kernel, kernel),
                  Handles.dimensions(local, 0, 0),
                  around,
                  around,
                  extras);
        });
  }

  /**
   * Compiles a difference in which the second operand's dimensions of length 1 stand for all.
   *
   * @param arena owns the primitive
   * @param source the first operand
   * @param second what is subtracted
   * @param target of the first operand's shape
   * @return the primitive
   * @throws YoloxException if oneDNN cannot
   */
  public static Primitive difference(
      Arena arena, TensorLayout source, TensorLayout second, TensorLayout target) {
    return compile(
        arena,
        "plan a difference",
        Attributes.NONE,
        (_, extras, result) ->
            (int)
                Calls.BINARY.invokeExact(
                    result,
                    OneDnn.engine(),
                    SUBTRACT,
                    source.handle(),
                    second.handle(),
                    target.handle(),
                    extras));
  }

  /**
   * Compiles a copy between layouts and element types.
   *
   * @param arena owns the primitive
   * @param source what is read
   * @param target what is written, of the same dimensions
   * @return the primitive
   * @throws YoloxException if oneDNN cannot
   */
  public static Primitive reorder(Arena arena, TensorLayout source, TensorLayout target) {
    return compile(
        arena,
        "plan a copy",
        Attributes.NONE,
        (_, extras, result) ->
            (int)
                Calls.REORDER.invokeExact(
                    result,
                    source.handle(),
                    OneDnn.engine(),
                    target.handle(),
                    OneDnn.engine(),
                    extras));
  }

  /** A function that stores the description of an operation, and returns a status. */
  private interface Description {
    int storeAt(Arena local, MemorySegment attributes, MemorySegment result) throws Throwable;
  }

  private static Primitive compile(
      Arena arena, String what, Attributes attributes, Description description) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment extras = attributes.create(local);
      MemorySegment descriptor =
          Handles.create(
              local,
              what,
              Calls.DESCRIPTOR_DESTROY,
              result -> description.storeAt(local, extras, result));
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
