package io.github.yolox4j.weights;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * The globals that a pickle may name. Unpickling calls what a pickle names, so this list is closed:
 * whatever is not on it is refused, and what is on it only builds plain values.
 */
sealed interface PickleGlobal {

  /** A class such as torch.FloatStorage; only ever part of a persistent id. */
  record StorageType(WeightType type) implements PickleGlobal {}

  /** What a pickle may call. */
  enum Function implements PickleGlobal {
    ORDERED_DICT("collections", "OrderedDict"),
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor"),
    REBUILD_TENSOR_V2("torch._utils", "_rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter"),
    SIZE("torch", "Size"),
    NUMPY_DTYPE("numpy", "dtype"),
    NUMPY_SCALAR("numpy._core.multiarray", "scalar"),
    /** How protocol 2, which has no opcode for bytes, writes them. */
    ENCODE("_codecs", "encode");

    private final String module;
    private final String function;

    Function(String module, String function) {
      this.module = module;
      this.function = function;
    }

    /**
     * Builds the value.
     *
     * @throws IllegalArgumentException if the arguments are not what the function takes
     */
    Object call(List<?> arguments) {
      int count = arguments.size();
      Object first = count > 0 ? arguments.get(0) : null;
      Object second = count > 1 ? arguments.get(1) : null;
      return switch (this) {
        case ORDERED_DICT -> count == 0 ? new LinkedHashMap<>() : refuse();
        case REBUILD_TENSOR -> count == 4 ? tensor(arguments) : refuse();
        case REBUILD_TENSOR_V2 -> count == 6 || count == 7 ? tensor(arguments) : refuse();
        case REBUILD_PARAMETER -> count == 3 && first instanceof WeightArray ? first : refuse();
        case SIZE -> count == 1 && first instanceof List<?> ? first : refuse();
        case NUMPY_DTYPE -> first instanceof String code ? NumpyType.of(code) : refuse();
        case NUMPY_SCALAR ->
            count == 2 && first instanceof NumpyType type && second instanceof byte[] data
                ? type.scalar(data)
                : refuse();
        case ENCODE ->
            count == 2 && first instanceof String text && "latin1".equals(second)
                ? text.getBytes(StandardCharsets.ISO_8859_1)
                : refuse();
      };
    }

    private Object tensor(List<?> arguments) {
      return arguments.get(0) instanceof Storage storage
              && arguments.get(1) instanceof Long offset
              && arguments.get(2) instanceof List<?> shape
              && arguments.get(3) instanceof List<?> strides
              && isSize(shape)
              && isSize(strides)
          ? storage.tensor(offset, longs(shape), longs(strides))
          : refuse();
    }

    private static boolean isSize(List<?> values) {
      return values.size() <= WeightArray.MAX_DIMENSIONS
          && values.stream().allMatch(Long.class::isInstance);
    }

    private static long[] longs(List<?> values) {
      return values.stream().mapToLong(Long.class::cast).toArray();
    }

    private Object refuse() {
      throw new IllegalArgumentException("%s has unexpected arguments".formatted(function));
    }
  }

  /** Finds a global; empty when it is refused. */
  static Optional<PickleGlobal> find(String module, String name) {
    // numpy 2 moved its core
    String today = module.replace("numpy.core.", "numpy._core.");
    for (Function function : Function.values()) {
      if (function.function.equals(name) && function.module.equals(today)) {
        return Optional.of(function);
      }
    }
    return module.equals("torch")
        ? WeightType.ofStorageClass(name).map(StorageType::new)
        : Optional.empty();
  }
}
