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
  record StorageType(DType dtype) implements PickleGlobal {}

  /** What a pickle may call. */
  enum Function implements PickleGlobal {
    ORDERED_DICT("collections", "OrderedDict") {
      @Override
      Object call(List<?> arguments) {
        check(arguments.isEmpty());
        return new LinkedHashMap<>();
      }
    },
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor") {
      @Override
      Object call(List<?> arguments) {
        check(arguments.size() == 4);
        return tensor(arguments);
      }
    },
    REBUILD_TENSOR_V2("torch._utils", "_rebuild_tensor_v2") {
      @Override
      Object call(List<?> arguments) {
        check(arguments.size() == 6 || arguments.size() == 7);
        return tensor(arguments);
      }
    },
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter") {
      @Override
      Object call(List<?> arguments) {
        check(arguments.size() == 3 && arguments.getFirst() instanceof WeightArray);
        return arguments.getFirst();
      }
    },
    SIZE("torch", "Size") {
      @Override
      Object call(List<?> arguments) {
        check(arguments.size() == 1 && arguments.getFirst() instanceof List<?>);
        return arguments.getFirst();
      }
    },
    NUMPY_DTYPE("numpy", "dtype") {
      @Override
      Object call(List<?> arguments) {
        check(!arguments.isEmpty() && arguments.getFirst() instanceof String);
        return NumpyType.of((String) arguments.getFirst());
      }
    },
    NUMPY_SCALAR("numpy._core.multiarray", "scalar") {
      @Override
      Object call(List<?> arguments) {
        check(
            arguments.size() == 2
                && arguments.get(0) instanceof NumpyType
                && arguments.get(1) instanceof byte[]);
        return ((NumpyType) arguments.get(0)).scalar((byte[]) arguments.get(1));
      }
    },
    /** How protocol 2, which has no opcode for bytes, writes them. */
    ENCODE("_codecs", "encode") {
      @Override
      Object call(List<?> arguments) {
        check(
            arguments.size() == 2
                && arguments.get(0) instanceof String
                && "latin1".equals(arguments.get(1)));
        return ((String) arguments.get(0)).getBytes(StandardCharsets.ISO_8859_1);
      }
    };

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
    abstract Object call(List<?> arguments);

    final void check(boolean expected) {
      if (!expected) {
        throw new IllegalArgumentException("%s has unexpected arguments".formatted(function));
      }
    }

    final WeightArray tensor(List<?> arguments) {
      check(
          arguments.get(0) instanceof Storage
              && arguments.get(1) instanceof Long
              && arguments.get(2) instanceof List<?>
              && arguments.get(3) instanceof List<?>);
      return ((Storage) arguments.get(0))
          .tensor(
              (Long) arguments.get(1),
              longs((List<?>) arguments.get(2)),
              longs((List<?>) arguments.get(3)));
    }

    private long[] longs(List<?> values) {
      check(
          values.size() <= WeightArray.MAX_DIMENSIONS
              && values.stream().allMatch(Long.class::isInstance));
      return values.stream().mapToLong(Long.class::cast).toArray();
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
        ? DType.ofStorageClass(name).map(StorageType::new)
        : Optional.empty();
  }
}
