package io.github.yolox4j.weights;

import io.github.yolox4j.YoloxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * An n-dimensional array: a view of a storage, which other arrays may share. It owns nothing: an
 * array out of a file is valid until the {@link Weights} or {@link Checkpoint} it came from is
 * closed; afterwards its memory throws {@link IllegalStateException}. Elements are little-endian
 * and may lie at any address, aligned or not. Safe for reading by many threads.
 *
 * @param dtype the type of the storage's elements
 * @param storage the whole storage, valid for as long as the array is used; arrays that share
 *     memory have equal ones
 * @param offset where the first element lies, in elements
 * @param shape the lengths of the dimensions, at most 64 of them; none for a single number
 * @param strides the distances between neighbours in each dimension, in elements, not negative
 */
@SuppressWarnings("ArrayRecordComponent") // copied on their way in and out
public record WeightArray(
    WeightType dtype, MemorySegment storage, long offset, long[] shape, long[] strides) {

  static final int MAX_DIMENSIONS = 64;
  private static final int MAX_JAVA_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Makes a view of a storage; no copy is made.
   *
   * @throws IllegalArgumentException if an element would lie outside the storage
   */
  public WeightArray {
    if (shape.length > MAX_DIMENSIONS || strides.length != shape.length) {
      throw new IllegalArgumentException(
          "%d dimensions and %d strides, where both must be the same number up to %d"
              .formatted(shape.length, strides.length, MAX_DIMENSIONS));
    }
    if (offset < 0 || anyNegative(shape) || anyNegative(strides)) {
      throw new IllegalArgumentException(
          "offset %d, shape %s and strides %s must not be negative"
              .formatted(offset, Arrays.toString(shape), Arrays.toString(strides)));
    }
    long available = storage.byteSize() / dtype.bytes();
    if (end(offset, shape, strides) > available) {
      throw new IllegalArgumentException(
          "shape %s with strides %s from element %d reaches beyond the %d elements of the storage"
              .formatted(Arrays.toString(shape), Arrays.toString(strides), offset, available));
    }
    shape = shape.clone();
    strides = strides.clone();
  }

  /**
   * Wraps an array in row-major order; no copy is made.
   *
   * @param values the elements
   * @param shape the lengths of the dimensions; none for a single number
   * @return a contiguous array of {@link WeightType#FLOAT32}
   * @throws IllegalArgumentException if the shape's product is not the number of values
   */
  public static WeightArray of(float[] values, long... shape) {
    return of(WeightType.FLOAT32, MemorySegment.ofArray(values), shape);
  }

  /**
   * Wraps memory that holds exactly the elements in row-major order; no copy is made.
   *
   * @param dtype the type of the elements
   * @param data their bytes, valid for as long as the array is used
   * @param shape the lengths of the dimensions; none for a single number
   * @return a contiguous array
   * @throws IllegalArgumentException if the memory's size is not what the shape needs
   */
  public static WeightArray of(WeightType dtype, MemorySegment data, long... shape) {
    WeightArray array = new WeightArray(dtype, data, 0, shape, rowMajor(shape));
    long needed = array.elements() * dtype.bytes();
    if (needed != data.byteSize()) {
      throw new IllegalArgumentException(
          "shape %s of %s needs %d bytes, and there are %d"
              .formatted(Arrays.toString(shape), dtype, needed, data.byteSize()));
    }
    return array;
  }

  private static boolean anyNegative(long[] values) {
    return Arrays.stream(values).anyMatch(value -> value < 0);
  }

  /** The element after the last one reached; the largest long when that overflows. */
  private static long end(long offset, long[] shape, long[] strides) {
    try {
      if (elements(shape) == 0) {
        return offset;
      }
      long last = offset;
      for (int i = 0; i < shape.length; i++) {
        last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
      }
      return Math.addExact(last, 1);
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }

  private static long elements(long[] shape) {
    return Arrays.stream(shape).anyMatch(length -> length == 0)
        ? 0
        : Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  private static long[] rowMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    try {
      for (int i = shape.length - 1; i >= 0; i--) {
        strides[i] = stride;
        stride = Math.multiplyExact(stride, Math.max(1, shape[i]));
      }
      return strides;
    } catch (ArithmeticException _) {
      throw new IllegalArgumentException("shape %s overflows".formatted(Arrays.toString(shape)));
    }
  }

  /** {@return the number of elements in each dimension, a copy} */
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** {@return the distances of neighbours in each dimension, in elements, a copy} */
  @Override
  public long[] strides() {
    return strides.clone();
  }

  /** {@return the product of the shape, 1 for a single number} */
  public long elements() {
    return elements(shape);
  }

  /** {@return whether the elements lie one after another in row-major order, or there are none} */
  public boolean contiguous() {
    long expected = 1;
    for (int i = shape.length - 1; i >= 0 && elements() > 0; i--) {
      if (shape[i] != 1 && strides[i] != expected) {
        return false;
      }
      expected *= shape[i];
    }
    return true;
  }

  /**
   * {@return the array's own bytes, for a bulk copy: exactly the elements, in row-major order}
   *
   * @throws IllegalStateException if the array is not contiguous: take {@link #contiguousCopy()}
   */
  public MemorySegment data() {
    if (!contiguous()) {
      throw new IllegalStateException(this + " is not contiguous");
    }
    return storage.asSlice(offset * dtype.bytes(), elements() * dtype.bytes());
  }

  /**
   * {@return this array if it is contiguous, else a copy with its elements in row-major order, in
   * memory that the garbage collector frees}
   */
  public WeightArray contiguousCopy() {
    if (contiguous()) {
      return this;
    }
    MemorySegment copy =
        Arena.ofAuto().allocate(Math.multiplyExact(elements(), dtype.bytes()), Long.BYTES);
    gather(0, offset, copy, 0);
    return new WeightArray(dtype, copy, 0, shape, rowMajor(shape));
  }

  /** Copies what lies below one index of the leading dimensions; returns the element after it. */
  private long gather(int dimension, long from, MemorySegment copy, long to) {
    long size = dtype.bytes();
    boolean run = dimension == shape.length - 1 && strides[dimension] == 1;
    if (dimension == shape.length || run) {
      long length = run ? shape[dimension] : 1;
      MemorySegment.copy(storage, from * size, copy, to * size, length * size);
      return to + length;
    }
    long next = to;
    for (long i = 0; i < shape[dimension]; i++) {
      next = gather(dimension + 1, from + i * strides[dimension], copy, next);
    }
    return next;
  }

  /**
   * {@return the elements as floats in row-major order; integers and 64-bit floats are rounded,
   * booleans become 0 or 1}
   *
   * @throws YoloxException if there are more than a Java array can hold
   */
  public float[] toFloats() {
    float[] values = new float[javaLength()];
    MemorySegment data = contiguousCopy().data();
    if (dtype == WeightType.FLOAT32) {
      MemorySegment.copy(data, LittleEndian.FLOAT, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) dtype.get(data, i);
    }
    return values;
  }

  /**
   * {@return the elements as doubles in row-major order; only 64-bit integers beyond 2<sup>53</sup>
   * are rounded}
   *
   * @throws YoloxException if there are more than a Java array can hold
   */
  public double[] toDoubles() {
    double[] values = new double[javaLength()];
    MemorySegment data = contiguousCopy().data();
    Arrays.setAll(values, i -> dtype.get(data, i));
    return values;
  }

  private int javaLength() {
    if (elements() > MAX_JAVA_ARRAY) {
      throw new YoloxException(
          "%s has %d elements, more than the %d of a Java array"
              .formatted(this, elements(), MAX_JAVA_ARRAY));
    }
    return (int) elements();
  }

  /** Returns type and shape, for messages. */
  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
