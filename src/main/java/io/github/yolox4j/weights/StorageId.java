package io.github.yolox4j.weights;

import java.util.List;

/**
 * The persistent id under which a checkpoint's pickle names a storage.
 *
 * @param elements the size of the storage with this key, not of the part viewed
 * @param view the part of the storage that is meant; null for all of it
 */
record StorageId(ElementType type, String key, long elements, View view) {

  /** A part of a storage, in elements; only the legacy format has them. */
  record View(long offset, long elements) {}

  /**
   * Reads the tuple ("storage", class, key, device, elements[, None or (key, offset, elements)]).
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static StorageId of(Object id) {
    if (id instanceof List<?> tuple
        && (tuple.size() == 5 || tuple.size() == 6)
        && "storage".equals(tuple.get(0))
        && tuple.get(1) instanceof PickleGlobal.StorageType(ElementType type)
        && tuple.get(2) instanceof String key
        && tuple.get(4) instanceof Long elements
        && elements >= 0
        && elements <= Long.MAX_VALUE / type.bytes()) {
      return new StorageId(type, key, elements, view(tuple, elements));
    }
    throw new IllegalArgumentException("a persistent id is not that of a tensor's storage");
  }

  private static View view(List<?> tuple, long elements) {
    if (tuple.size() == 5 || tuple.get(5) == null) {
      return null;
    }
    if (tuple.get(5) instanceof List<?> view
        && view.size() == 3
        && view.get(1) instanceof Long offset
        && view.get(2) instanceof Long length
        && offset >= 0
        && length >= 0
        && offset <= elements
        && length <= elements - offset) {
      return new View(offset, length);
    }
    throw new IllegalArgumentException("a storage's view lies outside the storage");
  }

  long bytes() {
    return elements * type.bytes();
  }
}
