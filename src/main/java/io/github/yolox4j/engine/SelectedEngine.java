package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.model.InputScaling;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.nn.Networks;
import io.github.yolox4j.plan.Winograd;
import io.github.yolox4j.tensor.ComputeDevice;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The engine that was asked for, or the next best: where it cannot run at all, or not for some
 * shape, libtorch runs instead with the same results, and a listener is told.
 */
public final class SelectedEngine implements Engine {

  private final FoldedNetwork network;
  private final ComputeDevice device;
  private final Precision precision;
  private final InputScaling scaling;
  private final Consumer<String> notices;
  private final Engine preferred;
  private Engine substitute; // null until a shape needs it

  private SelectedEngine(
      EngineKind kind,
      FoldedNetwork network,
      ComputeDevice device,
      Precision precision,
      InputScaling scaling,
      Consumer<String> notices) {
    this.network = network;
    this.device = device;
    this.precision = precision;
    this.scaling = scaling;
    this.notices = notices;
    this.preferred = open(kind);
  }

  /**
   * Opens an engine.
   *
   * @param kind the engine that is wanted
   * @param network the network
   * @param device where it runs
   * @param precision what it computes in
   * @param scaling what becomes of the pictures' bytes
   * @param notices is told, in one sentence and from any thread, when another engine runs than the
   *     one that is wanted
   * @return the engine, owned by the caller
   */
  public static Engine open(
      EngineKind kind,
      FoldedNetwork network,
      ComputeDevice device,
      Precision precision,
      InputScaling scaling,
      Consumer<String> notices) {
    return new SelectedEngine(kind, network, device, precision, scaling, notices);
  }

  private Engine open(EngineKind kind) {
    if (device.cuda()) {
      if (kind != EngineKind.AUTO && kind != EngineKind.TORCH) {
        notices.accept(
            "%s runs on the CPU only; %s runs instead"
                .formatted(kind.key(), EngineKind.TORCH.key()));
      }
      return torch();
    }
    return switch (kind) {
      case TORCH -> torch();
      case TORCH_FUSED -> libtorch(true);
      case ONEDNN, AUTO -> oneDnn(kind);
    };
  }

  private Engine oneDnn(EngineKind kind) {
    Optional<String> obstacle = OneDnnEngine.obstacle(precision);
    if (obstacle.isPresent()) {
      return instead(obstacle.get());
    }
    Optional<String> slower = Winograd.absence();
    if (slower.isPresent() && kind == EngineKind.ONEDNN) {
      notices.accept("%s: 3x3 convolutions are computed directly".formatted(slower.get()));
    }
    return new OneDnnEngine(network, precision, scaling, slower.isEmpty());
  }

  private Engine instead(String obstacle) {
    Engine engine = libtorch(false);
    notices.accept("%s; %s runs instead".formatted(obstacle, engine.description()));
    return engine;
  }

  /** The faster of libtorch's engines; whoever asked for it by name is told why it is not. */
  private Engine libtorch(boolean asked) {
    Optional<DType> type = fusedType();
    Optional<String> obstacle =
        type.isPresent()
            ? FusedTorchEngine.obstacle(type.get())
            : Optional.of("libtorch has no fused convolutions in %s".formatted(precision.key()));
    if (obstacle.isEmpty()) {
      return new FusedTorchEngine(network, type.get(), scaling);
    }
    Engine engine = torch();
    if (asked) {
      notices.accept("%s; %s runs instead".formatted(obstacle.get(), engine.description()));
    }
    return engine;
  }

  private Optional<DType> fusedType() {
    return switch (precision) {
      case FP32 -> Optional.of(DType.FLOAT32);
      case BF16 -> Optional.of(DType.BFLOAT16);
      case FP16, FP64 -> Optional.empty();
    };
  }

  private Engine torch() {
    return new TorchEngine(Networks.folded(network), device, precision, scaling);
  }

  @Override
  public ModelSpec spec() {
    return network.spec();
  }

  @Override
  public String description() {
    return preferred.description();
  }

  @Override
  public Pass begin(int batch, int height, int width) {
    try {
      return preferred.begin(batch, height, width);
    } catch (YoloxException e) {
      return substitute(e, "%d pictures of %dx%d".formatted(batch, width, height))
          .begin(batch, height, width);
    }
  }

  private synchronized Engine substitute(YoloxException obstacle, String shape) {
    if (!(preferred instanceof OneDnnEngine)) {
      throw obstacle;
    }
    if (substitute == null) {
      substitute = libtorch(false);
    }
    notices.accept(
        "%s; %s runs %s instead".formatted(obstacle.getMessage(), substitute.description(), shape));
    return substitute;
  }

  @Override
  public synchronized void close() {
    preferred.close();
    if (substitute != null) {
      substitute.close();
    }
  }
}
