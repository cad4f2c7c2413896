package io.github.yolox4j.weights;

import java.lang.foreign.MemorySegment;

/**
 * What a persistent id in a checkpoint's pickle stands for: memory that tensors are views of.
 *
 * @param data the storage's bytes; null while it is not known where they are
 */
record Storage(WeightType type, MemorySegment data) {

  /** Expanded tensors repeat elements; beyond this a small file would ask for huge memory. */
  private static final long MAX_REPEATED = 1 << 20;

  /**
   * Makes a tensor, an empty one without data.
   *
   * @throws IllegalArgumentException if the tensor does not fit the storage
   */
  WeightArray tensor(long offset, long[] shape, long[] strides) {
    if (data == null) {
      return WeightArray.of(new float[0], 0);
    }
    WeightArray array = new WeightArray(type, data, offset, shape, strides);
    long stored = data.byteSize() / type.bytes();
    if (array.elements() > Math.max(stored, MAX_REPEATED)) {
      throw new IllegalArgumentException(
          "%s repeats the %d elements of its storage".formatted(array, stored));
    }
    return array;
  }
}
