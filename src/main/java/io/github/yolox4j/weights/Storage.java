package io.github.yolox4j.weights;

import java.lang.foreign.MemorySegment;

/** What a persistent id in a checkpoint's pickle stands for: memory that tensors are views of. */
@FunctionalInterface
interface Storage {

  /**
   * Makes a tensor.
   *
   * @throws IllegalArgumentException if the tensor does not fit the storage
   */
  WeightArray tensor(long offset, long[] shape, long[] strides);

  /** A storage whose bytes are known. */
  record InMemory(DType dtype, MemorySegment data) implements Storage {

    /** Expanded tensors repeat elements; beyond this a small file would ask for huge memory. */
    private static final long MAX_REPEATED = 1 << 20;

    @Override
    public WeightArray tensor(long offset, long[] shape, long[] strides) {
      WeightArray array = WeightArray.view(dtype, data, offset, shape, strides);
      long stored = data.byteSize() / dtype.bytes();
      if (array.elements() > Math.max(stored, MAX_REPEATED)) {
        throw new IllegalArgumentException(
            "%s repeats the %d elements of its storage".formatted(array, stored));
      }
      return array;
    }
  }
}
