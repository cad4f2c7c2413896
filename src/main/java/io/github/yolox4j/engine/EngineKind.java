package io.github.yolox4j.engine;

import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.plan.Winograd;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** How a network can run. */
public enum EngineKind {
  /** The fastest of the others that is possible here. */
  AUTO {
    @Override
    public Optional<String> obstacle(ComputeDevice device, Precision precision) {
      return Optional.empty();
    }

    @Override
    Engine make(FoldedNetwork network, ComputeDevice device, Precision precision) {
      return (device.cuda() ? TORCH : ONEDNN).make(network, device, precision);
    }
  },
  /** {@link TorchEngine}: libtorch's modules, on any device. */
  TORCH {
    @Override
    public Optional<String> obstacle(ComputeDevice device, Precision precision) {
      return Optional.empty();
    }

    @Override
    Engine make(FoldedNetwork network, ComputeDevice device, Precision precision) {
      return new TorchEngine(Networks.folded(network), device, precision);
    }
  },
  /** {@link FusedTorchEngine}: libtorch's fused convolutions, on the CPU. */
  TORCH_FUSED {
    @Override
    public Optional<String> obstacle(ComputeDevice device, Precision precision) {
      return onlyOnCpu(device)
          .or(
              () ->
                  type(precision)
                      .map(FusedTorchEngine::obstacle)
                      .orElseGet(
                          () ->
                              Optional.of(
                                  "libtorch has no fused convolutions in %s"
                                      .formatted(precision.key()))));
    }

    @Override
    Engine make(FoldedNetwork network, ComputeDevice device, Precision precision) {
      return new FusedTorchEngine(network, type(precision).orElseThrow());
    }

    private static Optional<DType> type(Precision precision) {
      return switch (precision) {
        case FP32 -> Optional.of(DType.FLOAT32);
        case BF16 -> Optional.of(DType.BFLOAT16);
        case FP16, FP64 -> Optional.empty();
      };
    }
  },
  /** {@link OneDnnEngine}: a plan of oneDNN primitives, on the CPU, without libtorch. */
  ONEDNN {
    @Override
    public Optional<String> obstacle(ComputeDevice device, Precision precision) {
      return onlyOnCpu(device).or(() -> OneDnnEngine.obstacle(precision));
    }

    @Override
    Engine make(FoldedNetwork network, ComputeDevice device, Precision precision) {
      return new OneDnnEngine(network, precision, Winograd.absence().isEmpty());
    }
  };

  /** All but {@link #AUTO}, which is one of them. */
  public static final List<EngineKind> PROPER =
      Arrays.stream(values()).filter(kind -> kind != AUTO).toList();

  /** Each stands in for those before it. */
  private static final List<EngineKind> STAND_INS = List.of(ONEDNN, TORCH_FUSED, TORCH);

  /** {@return the name that people type, for example {@code torch-fused}} */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Tells what keeps the engine from running.
   *
   * @param device where it would run
   * @param precision what it would compute in
   * @return one sentence; nothing where it can run
   */
  public abstract Optional<String> obstacle(ComputeDevice device, Precision precision);

  /** Makes an engine that has no obstacle. */
  abstract Engine make(FoldedNetwork network, ComputeDevice device, Precision precision);

  Optional<String> onlyOnCpu(ComputeDevice device) {
    return device.cuda()
        ? Optional.of("%s runs on the CPU only".formatted(key()))
        : Optional.empty();
  }

  /**
   * Opens this engine or, where it cannot run, the next best, which finds the same objects.
   *
   * @param network the network
   * @param device where it runs
   * @param precision what it computes in
   * @param notices is told, in one sentence and from any thread, when another engine runs than this
   * @return the engine, owned by the caller
   */
  public Engine open(
      FoldedNetwork network, ComputeDevice device, Precision precision, Consumer<String> notices) {
    EngineKind wanted = this == AUTO ? (device.cuda() ? TORCH : ONEDNN) : this;
    EngineKind possible = wanted.orNext(device, precision);
    Engine engine = possible.make(network, device, precision);
    if (possible != wanted) {
      notices.accept(
          "%s; %s runs instead"
              .formatted(wanted.obstacle(device, precision).orElseThrow(), engine.description()));
    }
    if (possible != ONEDNN) {
      return engine;
    }
    if (this == ONEDNN) {
      Winograd.absence()
          .ifPresent(
              reason ->
                  notices.accept("%s: 3x3 convolutions are computed directly".formatted(reason)));
    }
    // looked for only when it is needed, since looking loads libtorch
    return new FallbackEngine(
        engine,
        () -> TORCH_FUSED.orNext(device, precision).make(network, device, precision),
        notices);
  }

  /** This engine or the first after it that can run. */
  private EngineKind orNext(ComputeDevice device, Precision precision) {
    return STAND_INS.stream()
        .skip(STAND_INS.indexOf(this))
        .filter(kind -> kind.obstacle(device, precision).isEmpty())
        .findFirst()
        .orElseThrow();
  }
}
