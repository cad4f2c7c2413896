package io.github.yolox4j.engine;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.dnnl.ElementType;
import io.github.yolox4j.ffi.dnnl.OneDnn;
import io.github.yolox4j.model.AnchorGrid;
import io.github.yolox4j.model.ModelSpec;
import io.github.yolox4j.plan.InputShape;
import io.github.yolox4j.plan.Kernels;
import io.github.yolox4j.plan.Plan;
import io.github.yolox4j.plan.PlanOptions;
import io.github.yolox4j.plan.Winograd;
import io.github.yolox4j.plan.Workspace;
import io.github.yolox4j.tensor.IntraOpThreads;
import io.github.yolox4j.tensor.Precision;
import io.github.yolox4j.weights.FoldedNetwork;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Runs {@link Plan}s of oneDNN primitives on the processor, without libtorch. A plan is compiled
 * for each shape when it is first wanted and kept; each thread that runs one has memory of its own,
 * and all share the weights.
 */
public final class OneDnnEngine implements Engine {

  private final Kernels kernels;
  private final Precision precision;
  private final boolean winograd;
  private final ElementType pictures;
  private final PlanCache plans;
  private final Usage usage = new Usage();

  /**
   * Takes a network's weights; nothing is compiled yet.
   *
   * @param network the network
   * @param precision fp32 or bf16
   * @param winograd whether {@link Winograd}'s method is used where it fits
   * @throws YoloxException if oneDNN cannot be used or has no instructions for the precision
   */
  public OneDnnEngine(FoldedNetwork network, Precision precision, boolean winograd) {
    this(network, precision, winograd, ElementType.BYTE);
  }

  /** Takes a network's weights, for pictures of bytes or floats. */
  OneDnnEngine(FoldedNetwork network, Precision precision, boolean winograd, ElementType pictures) {
    Optional<String> obstacle = obstacle(precision);
    if (obstacle.isPresent()) {
      throw new YoloxException(obstacle.get());
    }
    this.kernels = new Kernels(network);
    this.precision = precision;
    this.winograd = winograd;
    this.pictures = pictures;
    this.plans = new PlanCache(this::compile);
  }

  /**
   * Tells what keeps this engine from running here.
   *
   * @param precision what it would compute in
   * @return one sentence; nothing where it can run
   */
  public static Optional<String> obstacle(Precision precision) {
    Optional<String> absence = OneDnn.absence();
    if (absence.isPresent()) {
      return absence;
    }
    return switch (precision) {
      case FP32 -> Optional.empty();
      case BF16 ->
          OneDnn.bfloat16()
              ? Optional.empty()
              : Optional.of("this processor has no bf16 instructions for oneDNN");
      case FP16, FP64 -> Optional.of("oneDNN's plans compute in fp32 or bf16");
    };
  }

  private Plan compile(PlanCache.Key key) {
    ElementType maps = precision == Precision.BF16 ? ElementType.BFLOAT16 : ElementType.FLOAT;
    return new Plan(kernels, key.shape(), new PlanOptions(pictures, maps, winograd, key.threads()));
  }

  @Override
  public ModelSpec spec() {
    return kernels.network().spec();
  }

  @Override
  public EngineKind kind() {
    return EngineKind.ONEDNN;
  }

  @Override
  public String description() {
    return "onednn %s, %s%s, %d threads"
        .formatted(
            OneDnn.version(),
            precision.key(),
            winograd ? " with winograd" : "",
            IntraOpThreads.count());
  }

  @Override
  public InferenceRequest request(int batch, int height, int width) {
    var key = new PlanCache.Key(new InputShape(batch, height, width), IntraOpThreads.count());
    Usage.Use use = usage.begin();
    try {
      return new PlanRequest(use, plans.lease(key));
    } catch (RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  @Override
  public void close() {
    usage.end(
        () -> {
          plans.close();
          kernels.close();
        });
  }

  /** A run in a workspace that goes back when it is closed. */
  private final class PlanRequest implements InferenceRequest {

    private final Usage.Use use;
    private final PlanCache.Lease lease;

    PlanRequest(Usage.Use use, PlanCache.Lease lease) {
      this.use = use;
      this.lease = lease;
    }

    @Override
    public MemorySegment pixels() {
      return lease.workspace().pixels();
    }

    @Override
    public Predictions run(float leastScore) {
      Workspace workspace = lease.workspace();
      workspace.run();
      InputShape shape = lease.plan().shape();
      return PredictedMaps.of(
          AnchorGrid.of(kernels.network().predictions(), shape.height(), shape.width()),
          channels ->
              new MapView(
                      workspace.prediction(channels.layer()),
                      channels.count(),
                      lease.plan().predictionChannels(channels.layer()))
                  .part(channels.first(), channels.count()));
    }

    @Override
    public void close() {
      lease.close();
      use.close();
    }
  }
}
