package io.github.yolox4j.weights;

import java.util.List;

/**
 * The persistent id under which a checkpoint's pickle names a storage.
 *
 * @param elements the size of the storage with this key, not of the part viewed
 * @param offset where the part of the storage that is meant begins, in elements: not at 0 only in
 *     the legacy format
 * @param length the elements of that part
 */
record StorageId(WeightType type, String key, long elements, long offset, long length) {

  /**
   * Reads the tuple ("storage", class, key, device, elements[, None or (key, offset, elements)]).
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static StorageId of(Object id) {
    if (id instanceof List<?> tuple
        && (tuple.size() == 5 || tuple.size() == 6)
        && "storage".equals(tuple.get(0))
        && tuple.get(1) instanceof PickleGlobal.StorageType(WeightType type)
        && tuple.get(2) instanceof String key
        && tuple.get(4) instanceof Long elements
        && elements >= 0
        && elements <= Long.MAX_VALUE / type.bytes()) {
      if (tuple.size() == 5 || tuple.get(5) == null) {
        return new StorageId(type, key, elements, 0, elements);
      }
      if (tuple.get(5) instanceof List<?> view
          && view.size() == 3
          && view.get(1) instanceof Long offset
          && view.get(2) instanceof Long length
          && offset >= 0
          && length >= 0
          && offset <= elements
          && length <= elements - offset) {
        return new StorageId(type, key, elements, offset, length);
      }
      throw new IllegalArgumentException("a storage's view lies outside the storage");
    }
    throw new IllegalArgumentException("a persistent id is not that of a tensor's storage");
  }

  long bytes() {
    return elements * type.bytes();
  }
}
