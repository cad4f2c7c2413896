package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.torch.DType;
import io.github.yolox4j.ffi.torch.TensorHandle;
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

  /**
   * Tells what keeps an engine from running.
   *
   * @param kind the engine
   * @param device where it would run
   * @param precision what it would compute in
   * @return one sentence; nothing where it can run
   */
  public static Optional<String> obstacle(
      EngineKind kind, ComputeDevice device, Precision precision) {
    if (kind == EngineKind.AUTO || kind == EngineKind.TORCH) {
      return Optional.empty();
    }
    if (device.cuda()) {
      return Optional.of("%s runs on the CPU only".formatted(kind.key()));
    }
    return kind == EngineKind.ONEDNN
        ? OneDnnEngine.obstacle(precision)
        : fusedType(precision)
            .map(FusedTorchEngine::obstacle)
            .orElseGet(
                () ->
                    Optional.of(
                        "libtorch has no fused convolutions in %s".formatted(precision.key())));
  }

  private static Optional<DType> fusedType(Precision precision) {
    return switch (precision) {
      case FP32 -> Optional.of(DType.FLOAT32);
      case BF16 -> Optional.of(DType.BFLOAT16);
      case FP16, FP64 -> Optional.empty();
    };
  }

  /** The engine that is wanted or, where there is an obstacle, the next best. */
  private Engine open(EngineKind kind) {
    EngineKind first = kind;
    if (kind == EngineKind.AUTO) {
      first = device.cuda() ? EngineKind.TORCH : EngineKind.ONEDNN;
    }
    Optional<String> obstacle = obstacle(first, device, precision);
    if (obstacle.isPresent()) {
      Engine engine = libtorch();
      notices.accept("%s; %s runs instead".formatted(obstacle.get(), engine.description()));
      return engine;
    }
    return switch (first) {
      case ONEDNN -> oneDnn(kind);
      case TORCH_FUSED -> fused();
      case TORCH, AUTO -> torch();
    };
  }

  private Engine oneDnn(EngineKind asked) {
    Optional<String> slower = Winograd.absence();
    if (slower.isPresent() && asked == EngineKind.ONEDNN) {
      notices.accept("%s: 3x3 convolutions are computed directly".formatted(slower.get()));
    }
    return new OneDnnEngine(network, precision, scaling, slower.isEmpty());
  }

  /** The faster of libtorch's engines that can run. */
  private Engine libtorch() {
    return obstacle(EngineKind.TORCH_FUSED, device, precision).isEmpty() ? fused() : torch();
  }

  private Engine fused() {
    return new FusedTorchEngine(network, fusedType(precision).orElseThrow(), scaling);
  }

  private Engine torch() {
    return new TorchEngine(Networks.folded(network), device, precision, scaling);
  }

  @Override
  public ModelSpec spec() {
    return network.spec();
  }

  @Override
  public EngineKind kind() {
    return preferred.kind();
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
      return substitute(e, "%dx%d in batches of %d".formatted(width, height, batch))
          .begin(batch, height, width);
    }
  }

  @Override
  public TensorHandle forward(TensorHandle pictures) {
    return preferred.forward(pictures);
  }

  private synchronized Engine substitute(YoloxException obstacle, String shape) {
    if (!(preferred instanceof OneDnnEngine)) {
      throw obstacle;
    }
    if (substitute == null) {
      substitute = libtorch();
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
